// Asks before a link leaves the app, and says where to.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Dialog } from '../../components/Dialog';
import { ErrorNotice } from '../../components/ErrorNotice';
import { type ApiError, toApiError } from '../../lib/api-error';
import { usePlatform } from '../../platform/context';
import styles from './ExternalLink.module.css';

export function ExternalLink({ url, onClose }: { url: string | null; onClose: () => void }) {
  const { t } = useTranslation('common');
  const platform = usePlatform();
  const [failure, setFailure] = useState<ApiError | null>(null);
  const open = () => {
    if (url) platform.openExternal(url).catch((thrown) => setFailure(toApiError(thrown)));
  };
  return (
    <>
      <ConfirmDialog
        open={url !== null}
        title={t('external.title')}
        description={t('external.text')}
        confirm={t('external.open')}
        onConfirm={open}
        onClose={onClose}
      >
        <p className={styles.address}>{url}</p>
      </ConfirmDialog>
      <Dialog open={failure !== null} title={t('external.failed')} onClose={() => setFailure(null)}>
        {failure && <ErrorNotice error={failure} />}
      </Dialog>
    </>
  );
}
