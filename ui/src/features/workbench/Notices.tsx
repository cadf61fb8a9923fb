// The strip between toolbar and editor: what just happened and how to take it back, and a save
// that failed, which stays until it is stored.

import { Undo2, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { IconButton } from '../../components/IconButton';
import { Notice } from '../../components/Notice';
import styles from './Notices.module.css';
import type { Workbench } from './use-workbench';

export function Notices({ bench }: { bench: Workbench }) {
  const { t } = useTranslation(['workbench', 'errors', 'common']);
  const { notice, save } = bench;
  return (
    <>
      {save.kind === 'failed' && (
        <div className={styles.strip}>
          <Notice
            kind="bad"
            title={t('workbench:save.failedTitle', { files: save.paths.join(', ') })}
            actions={
              <Button onClick={() => void bench.saver.flush()}>{t('workbench:save.retry')}</Button>
            }
          >
            <p>{t(`errors:codes.${save.error.code}.title`)}</p>
            <p>{t('workbench:save.failedText')}</p>
            <p>{t(`errors:codes.${save.error.code}.action`)}</p>
          </Notice>
        </div>
      )}
      {notice?.kind === 'error' && (
        <div className={styles.strip}>
          <ErrorNotice
            error={notice.error}
            actions={<Button onClick={bench.dismiss}>{t('common:close')}</Button>}
          />
        </div>
      )}
      {(notice?.kind === 'undo' || notice?.kind === 'said') && (
        <div className={styles.line}>
          <span className={styles.text}>{notice.text}</span>
          {notice.kind === 'undo' && (
            <Button kind="plain" icon={<Undo2 aria-hidden />} onClick={bench.undo}>
              {t('workbench:undo.action')}
            </Button>
          )}
          <IconButton label={t('common:close')} onClick={bench.dismiss}>
            <X aria-hidden />
          </IconButton>
        </div>
      )}
    </>
  );
}
