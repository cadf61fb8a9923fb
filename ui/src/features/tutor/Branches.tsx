// Where one stands among several questions or answers in the same place, and the way to the others.

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TutorMessage } from '../../bindings/TutorMessage';
import { IconButton } from '../../components/IconButton';
import styles from './Message.module.css';

export interface BranchesProps {
  message: TutorMessage;
  beside: readonly TutorMessage[];
  disabled: boolean;
  onShow: (message: string) => void;
}

export function Branches({ message, beside, disabled, onShow }: BranchesProps) {
  const { t } = useTranslation('tutor');
  if (beside.length < 2) return null;
  const at = beside.findIndex(({ id }) => id === message.id);
  const go = (to: number) => {
    const target = beside[to];
    if (target && !disabled) onShow(target.id);
  };
  return (
    <span className={styles.branches}>
      <IconButton
        label={t('version.previous')}
        aria-disabled={disabled || at === 0}
        onClick={() => go(at - 1)}
      >
        <ChevronLeft aria-hidden />
      </IconButton>
      <span>{t('version.place', { number: at + 1, total: beside.length })}</span>
      <IconButton
        label={t('version.next')}
        aria-disabled={disabled || at === beside.length - 1}
        onClick={() => go(at + 1)}
      >
        <ChevronRight aria-hidden />
      </IconButton>
    </span>
  );
}
