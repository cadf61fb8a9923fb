// The tutor's code beside the learner's, over the editor's place: nothing changes until it is taken.

import { Check, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/Button';
import { DiffView } from '../editor/DiffView';
import type { EditorLook } from '../editor/port';
import styles from '../history/VersionView.module.css';

export interface SuggestionProps {
  path: string;
  before: string;
  after: string;
  look: EditorLook;
  onTake: () => void;
  onClose: () => void;
}

export function Suggestion({ path, before, after, look, onTake, onClose }: SuggestionProps) {
  const { t } = useTranslation('workbench');
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section
      ref={box}
      className={styles.view}
      aria-label={t('help.suggestion')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className={styles.bar}>
        <span className={styles.text}>{t('help.compare', { path })}</span>
        <Button kind="primary" icon={<Check aria-hidden />} onClick={onTake}>
          {t('help.take')}
        </Button>
        <Button icon={<X aria-hidden />} onClick={onClose}>
          {t('help.leave')}
        </Button>
      </div>
      <DiffView path={path} before={before} after={after} look={look} />
    </section>
  );
}
