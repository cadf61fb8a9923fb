// The key: entered once, kept by the system, never shown again.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AiState } from '../../bindings/AiState';
import { announce } from '../../components/announcer';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Field } from '../../components/Field';
import { useAi } from '../../lib/ai';
import { type ApiError, toApiError } from '../../lib/api-error';
import { usePlatform } from '../../platform/context';
import styles from './Ai.module.css';

export function AiKey() {
  const { t } = useTranslation('settings');
  const platform = usePlatform();
  const { ai, setAi } = useAi();
  const [key, setKey] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const place = ai?.key ?? 'none';

  async function act(call: Promise<AiState>) {
    try {
      const state = await call;
      setAi(state);
      setKey('');
      setError(null);
      announce(t(`ai.keyIs.${state.key}`));
    } catch (thrown) {
      setError(toApiError(thrown));
    }
  }

  return (
    <>
      <Field label={t('ai.key')} help={t(`ai.keyIs.${place}`)}>
        {(ids) => (
          <>
            <input
              {...ids}
              className={styles.text}
              type="password"
              autoComplete="off"
              spellCheck={false}
              placeholder={place === 'none' ? 'sk-…' : t('ai.keyKept')}
              value={key}
              onChange={(event) => setKey(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && key.trim() !== '') void act(platform.aiKeySet(key));
              }}
            />
            <Button disabled={key.trim() === ''} onClick={() => void act(platform.aiKeySet(key))}>
              {t('ai.keySave')}
            </Button>
            {(place === 'keyring' || place === 'session') && (
              <Button kind="quiet" onClick={() => void act(platform.aiKeyForget())}>
                {t('ai.keyForget')}
              </Button>
            )}
          </>
        )}
      </Field>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
