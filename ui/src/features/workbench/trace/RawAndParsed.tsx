// A model's reply as it came, beside what was taken out of it: by the program, if it told, else by the
// page, which knows how agents write. Where the two differ is where most agents break.

import { useTranslation } from 'react-i18next';
import type { TraceSpan } from '../../../bindings/TraceSpan';
import { isStructured, jsonOf, messageOf, partsOf, pretty } from './reply';
import styles from './SpanDetail.module.css';

export function RawAndParsed({ span, parsed }: { span: TraceSpan; parsed: TraceSpan | null }) {
  const { t } = useTranslation('workbench');
  if (span.output === '') return null;
  const message = messageOf(jsonOf(span.output));
  const parts = partsOf(message.text);
  const told = parsed && (parsed.error ?? parsed.output);
  const isSplit = message.calls.length > 0 || isStructured(parts) || Boolean(told);
  return (
    <div className={styles.pair} data-split={isSplit}>
      <div className={styles.part}>
        <h4 className={styles.label}>{t('trace.raw')}</h4>
        {message.thinking && <pre className={styles.thinking}>{message.thinking}</pre>}
        {message.text && <pre className={styles.code}>{message.text}</pre>}
        {message.calls.map((call) => (
          <pre key={`${call.name}${call.args}`} className={styles.code}>
            {`→ ${call.name}(${call.args})`}
          </pre>
        ))}
      </div>
      {isSplit && (
        <div className={styles.part}>
          <h4 className={styles.label}>
            {t(told ? 'trace.parsedByProgram' : 'trace.parsedByPage')}
          </h4>
          {told ? (
            <pre className={styles.code} data-failed={parsed?.error !== null}>
              {pretty(told)}
            </pre>
          ) : (
            <dl className={styles.parts}>
              {parts.map(({ kind, text }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
                <div key={at} data-part={kind}>
                  <dt>{t(`trace.part.${kind}`)}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
              {message.calls.map(({ name, args }) => (
                <div key={`${name}${args}`} data-part="action">
                  <dt>{t('trace.part.call')}</dt>
                  <dd>
                    {name} {args}
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      )}
    </div>
  );
}
