// What the tutor cost this month: nothing to see before the first answer.

import { useTranslation } from 'react-i18next';
import { useAi } from '../lib/ai';
import { spokenLanguage } from '../lib/i18n';
import { countText, moneyText } from '../lib/money';
import styles from './CostMeter.module.css';

export function CostMeter({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation('common');
  const { ai } = useAi();
  if (!ai || ai.spending.answers === 0) return null;
  const { amounts, tokens, cap, level } = ai.spending;
  const language = spokenLanguage();
  const spent = amounts.map((amount) => moneyText(amount, language)).join(' + ');
  const shown = spent || t('cost.tokens', { tokens: countText(tokens, language) });
  const label = cap
    ? t('cost.capped', { spent: shown, cap: moneyText(cap, language) })
    : t('cost.open', { spent: shown });
  return (
    <button
      type="button"
      className={`${styles.meter} ${styles[level]}`}
      aria-label={label}
      title={label}
      onClick={onOpen}
    >
      {shown}
    </button>
  );
}
