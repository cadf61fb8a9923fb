// The first screen when the learner's data cannot be used: what happened, that the file is kept
// and where it is, and the ways on. Starting fresh is asked about first.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoreState } from '../../bindings/StoreState';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ErrorNotice } from '../../components/ErrorNotice';
import { type ApiError, toApiError } from '../../lib/api-error';
import { usePlatform } from '../../platform/context';
import styles from './Recovery.module.css';

export type Unavailable = Extract<StoreState, { state: 'unavailable' }>;

// Starting fresh helps only where the file is the trouble; a full or read-only disk refuses a new
// one just the same, and a busy file is whole.
const FRESH_HELPS: ReadonlySet<string> = new Set(['store_corrupt', 'store_newer']);

export interface RecoveryProps {
  store: Unavailable;
  onStore: (store: StoreState) => void;
}

export function Recovery({ store, onStore }: RecoveryProps) {
  const { t } = useTranslation(['common', 'errors']);
  const platform = usePlatform();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);

  async function attempt(open: () => Promise<StoreState>) {
    setBusy(true);
    setFailure(null);
    try {
      onStore(await open());
    } catch (thrown) {
      setFailure(toApiError(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className={styles.page}>
      <h1 className={styles.title}>{t(`errors:codes.${store.code}.title`)}</h1>
      <p>{t(`errors:codes.${store.code}.meaning`)}</p>
      <p>{t(`errors:codes.${store.code}.action`)}</p>
      <dl className={styles.facts}>
        <dt>{t('recovery.file')}</dt>
        <dd>
          <code>{store.path}</code>
        </dd>
        <dt>{t('recovery.detail')}</dt>
        <dd lang="en">
          {store.detail} ({store.code})
        </dd>
      </dl>
      <div className={styles.actions}>
        <Button kind="primary" disabled={busy} onClick={() => attempt(() => platform.storeRetry())}>
          {t('retry')}
        </Button>
        {FRESH_HELPS.has(store.code) && (
          <Button disabled={busy} onClick={() => setAsking(true)}>
            {t('recovery.fresh')}
          </Button>
        )}
      </div>
      {failure && <ErrorNotice error={failure} />}
      <ConfirmDialog
        open={asking}
        title={t('recovery.freshTitle')}
        description={t('recovery.freshText')}
        confirm={t('recovery.fresh')}
        onConfirm={() => attempt(() => platform.storeStartFresh())}
        onClose={() => setAsking(false)}
      />
    </main>
  );
}
