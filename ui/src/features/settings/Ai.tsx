// The AI service: which one, its key, whether it works, and how much a month may cost.

import { useTranslation } from 'react-i18next';
import type { AiSettings } from '../../bindings/AiSettings';
import { CheckField, NumberField, SelectField } from '../../components/Field';
import { useSettings } from '../../lib/settings';
import { AiKey } from './AiKey';
import { AiPrices } from './AiPrices';
import { AiTest } from './AiTest';
import styles from './SettingsDialog.module.css';
import { TextField } from './TextField';

export function Ai() {
  const { t } = useTranslation('settings');
  const { settings, update } = useSettings();
  const { ai } = settings;
  const change = (part: Partial<AiSettings>) => update({ ai: { ...ai, ...part } });
  return (
    <div className={styles.fields}>
      <SelectField
        label={t('ai.provider')}
        value={ai.provider}
        options={[
          { value: 'deepseek', label: 'DeepSeek' },
          { value: 'compatible', label: t('ai.compatible') },
          { value: 'ollama', label: 'Ollama' },
          { value: 'llama-cpp', label: 'llama.cpp' },
        ]}
        onChange={(provider) => change({ provider, baseUrl: '', model: '' })}
      />
      <AiKey key={`${ai.provider} ${ai.baseUrl}`} />
      <AiTest onModel={(model) => change({ model })} />
      <TextField
        label={t('ai.model')}
        help={t('ai.modelHelp')}
        value={ai.model}
        onChange={(model) => change({ model })}
      />
      <SelectField
        label={t('ai.style')}
        help={t('ai.styleHelp')}
        value={ai.style}
        options={[
          { value: 'socratic', label: t('ai.socratic') },
          { value: 'direct', label: t('ai.direct') },
        ]}
        onChange={(style) => change({ style })}
      />
      <CheckField
        label={t('ai.thinking')}
        help={t('ai.thinkingHelp')}
        value={ai.thinking}
        onChange={(thinking) => change({ thinking })}
      />
      <NumberField
        label={t('ai.cap')}
        help={t('ai.capHelp')}
        value={ai.monthlyCap}
        min={0}
        max={10000}
        unit={ai.currency}
        onChange={(monthlyCap) => change({ monthlyCap })}
      />
      <SelectField
        label={t('ai.currency')}
        value={ai.currency}
        options={[
          { value: 'CNY', label: t('ai.cny') },
          { value: 'USD', label: t('ai.usd') },
        ]}
        onChange={(currency) => change({ currency })}
      />
      <TextField
        label={t('ai.address')}
        help={t('ai.addressHelp')}
        value={ai.baseUrl}
        onChange={(baseUrl) => change({ baseUrl })}
      />
      <TextField
        label={t('ai.proxy')}
        help={t('ai.proxyHelp')}
        value={ai.proxy}
        onChange={(proxy) => change({ proxy })}
      />
      <AiPrices />
    </div>
  );
}
