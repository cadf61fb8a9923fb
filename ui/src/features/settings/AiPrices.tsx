// What tokens cost, as a text that can be changed: services raise their prices, and schools have
// their own.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { type ApiError, toApiError } from '../../lib/api-error';
import { useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';
import styles from './Ai.module.css';

export function AiPrices() {
  const { t } = useTranslation('settings');
  const platform = usePlatform();
  const [open, setOpen] = useState(false);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('ai.prices')}</summary>
      {open && (
        <Table load={() => platform.aiPrices()} save={(text) => platform.aiPricesSet(text)} />
      )}
    </details>
  );
}

function Table(props: { load: () => Promise<string>; save: (text: string) => Promise<string> }) {
  const { t } = useTranslation('settings');
  const known = useLoad('prices', props.load);
  const [text, setText] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [saved, setSaved] = useState(false);

  async function save(next: string) {
    try {
      const holds = await props.save(next);
      known.change(() => holds);
      setText(null);
      setError(null);
      setSaved(true);
    } catch (thrown) {
      setSaved(false);
      setError(toApiError(thrown));
    }
  }

  if (known.error) return <ErrorNotice error={known.error} />;
  return (
    <>
      <textarea
        className={styles.prices}
        aria-label={t('ai.prices')}
        spellCheck={false}
        value={text ?? known.value ?? ''}
        onChange={(event) => {
          setText(event.target.value);
          setSaved(false);
        }}
      />
      <p className={styles.row}>
        <Button disabled={text === null} onClick={() => text !== null && void save(text)}>
          {t('ai.pricesSave')}
        </Button>
        <Button kind="quiet" onClick={() => void save('')}>
          {t('ai.pricesReset')}
        </Button>
        {saved && t('ai.pricesSaved')}
      </p>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
