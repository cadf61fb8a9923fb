// Money and tokens as the learner's language writes them.

import type { Amount } from '../bindings/Amount';
import type { Language } from '../bindings/Language';

const LOCALE: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

/** `¥0.0123`: small amounts with as many digits as say something. */
export function moneyText({ currency, value }: Amount, language: Language): string {
  const digits = value === 0 || value >= 1 ? 2 : value >= 0.01 ? 3 : 5;
  return new Intl.NumberFormat(LOCALE[language], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(value);
}

export function countText(count: number, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language]).format(count);
}
