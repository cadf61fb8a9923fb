// What a step took: tokens, money, time, and where a model's reply came from.

import { useTranslation } from 'react-i18next';
import type { TraceSpan } from '../../../bindings/TraceSpan';
import { spokenLanguage } from '../../../lib/i18n';
import { countText, moneyText } from '../../../lib/money';
import { durationText } from '../words';
import styles from './SpanDetail.module.css';

export function Numbers({ span }: { span: TraceSpan }) {
  const { t } = useTranslation('workbench');
  const language = spokenLanguage();
  const count = (value: number | null) => value !== null && countText(value, language);
  const by = span.answeredBy;
  const rows: [string, string | false | null][] = [
    [
      t('trace.time'),
      span.durationMs === null ? t('trace.cutOff') : durationText(span.durationMs, language),
    ],
    [t('trace.tokensIn'), count(span.inputTokens)],
    [t('trace.tokensOut'), count(span.outputTokens)],
    [t('trace.cost'), span.cost && moneyText(span.cost, language)],
    [t('trace.by'), by && t(`trace.answeredBy.${by.kind}`, { line: 'line' in by ? by.line : 0 })],
    [t('trace.finish'), span.finishReason],
    ...Object.entries(span.attributes).map(([name, value]): [string, string] => [
      name,
      value ?? '',
    ]),
  ];
  return (
    <dl className={styles.numbers}>
      {rows.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
