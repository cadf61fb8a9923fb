// Asks before something that the learner may not want: says what happens, the safe answer first.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import { Dialog } from './Dialog';

export interface ConfirmDialogProps {
  open: boolean;
  title: string;
  description: string;
  /** The word on the button that does it: the verb, never "OK". */
  confirm: string;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

export function ConfirmDialog({ confirm, danger, onConfirm, ...dialog }: ConfirmDialogProps) {
  const { t } = useTranslation('common');
  const done = () => {
    dialog.onClose();
    onConfirm();
  };
  return (
    <Dialog
      {...dialog}
      actions={
        <>
          <Button onClick={dialog.onClose}>{t('cancel')}</Button>
          <Button kind={danger ? 'danger' : 'primary'} onClick={done}>
            {confirm}
          </Button>
        </>
      }
    />
  );
}
