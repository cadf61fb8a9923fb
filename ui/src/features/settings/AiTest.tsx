// Whether the service answers: how fast, with which models, and what is left on the account. Costs
// nothing.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AiProbe } from '../../bindings/AiProbe';
import { announce } from '../../components/announcer';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Field, SelectField } from '../../components/Field';
import { Notice } from '../../components/Notice';
import { useAi } from '../../lib/ai';
import { type ApiError, toApiError } from '../../lib/api-error';
import { spokenLanguage } from '../../lib/i18n';
import { moneyText } from '../../lib/money';
import { usePlatform } from '../../platform/context';
import styles from './Ai.module.css';

type Result = { probe: AiProbe } | { error: ApiError } | 'asking' | null;

export function AiTest({ onModel }: { onModel: (model: string) => void }) {
  const { t } = useTranslation('settings');
  const platform = usePlatform();
  const { ai } = useAi();
  const [result, setResult] = useState<Result>(null);

  async function test() {
    setResult('asking');
    try {
      const probe = await platform.aiTest();
      setResult({ probe });
      announce(t('ai.works', { ms: Math.round(probe.latencyMs) }));
    } catch (thrown) {
      setResult({ error: toApiError(thrown) });
    }
  }

  const probe = result !== null && typeof result === 'object' && 'probe' in result && result.probe;
  const error = result !== null && typeof result === 'object' && 'error' in result && result.error;
  return (
    <>
      <Field label={t('ai.test')} help={t('ai.testHelp')}>
        {(ids) => (
          <Button {...ids} disabled={result === 'asking'} onClick={() => void test()}>
            {t(result === 'asking' ? 'ai.testing' : 'ai.testNow')}
          </Button>
        )}
      </Field>
      {error && <ErrorNotice error={error} />}
      {probe && (
        <div className={styles.result}>
          <Notice kind="ok" title={t('ai.works', { ms: Math.round(probe.latencyMs) })}>
            {probe.balance.length > 0 && (
              <p>
                {t('ai.balance', {
                  amount: probe.balance
                    .map((amount) => moneyText(amount, spokenLanguage()))
                    .join(' + '),
                })}
              </p>
            )}
          </Notice>
          {probe.models.length > 0 && (
            <SelectField
              label={t('ai.models')}
              value={ai?.model ?? probe.model}
              options={[...new Set([ai?.model ?? probe.model, ...probe.models])].map((model) => ({
                value: model,
                label: model === '' ? t('ai.noModel') : model,
              }))}
              onChange={onModel}
            />
          )}
        </div>
      )}
    </>
  );
}
