// The calls that are going on, the innermost first, each with its variables. What the last line
// changed is marked, with what it held before.

import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Calls.module.css';
import type { Call, Held, Moment, Replay } from './replay';

/** Of a deep recursion the innermost calls are shown, and the one where all began. */
const INNERMOST = 8;
/** Names of one call. */
const MOST_NAMES = 60;
/** Calls whose values are no longer stand beside each other. */
const NARROW = 18;
/** Longer values are cut to two lines until one asks for them. */
const SHORT = 60;

export interface CallsProps {
  replay: Replay;
  moment: Moment;
  at: number;
}

export function Calls({ replay, moment, at }: CallsProps) {
  const { t } = useTranslation('workbench');
  const box = useRef<HTMLElement>(null);
  const { stack } = moment;
  const hidden = Math.max(0, stack.length - INNERMOST - 1);
  const inner = useMemo(() => {
    const shown = hidden > 0 ? stack.slice(0, INNERMOST) : stack;
    return shown.map((frame) => replay.call(frame, at));
  }, [replay, stack, hidden, at]);
  const outermost = hidden > 0 ? replay.call(stack.at(-1) ?? 0, at) : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: at every step
  useEffect(() => {
    if (!box.current) return;
    // From the top, so that the call's name stays in view where both fit.
    box.current.scrollTop = 0;
    box.current.querySelector('[data-change]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  return (
    <section ref={box} className={styles.calls} aria-label={t('steps.calls')} tabIndex={0}>
      {inner.map((call, depth) => (
        <CallTable key={call.frame} call={call} now={depth === 0} />
      ))}
      {outermost && (
        <>
          <p className={styles.hidden}>{t('steps.hidden', { count: hidden })}</p>
          <CallTable call={outermost} now={false} />
        </>
      )}
    </section>
  );
}

function CallTable({ call, now }: { call: Call; now: boolean }) {
  const { t } = useTranslation('workbench');
  const { name, isModule, place, held, gone } = call;
  const line = place?.line ?? 0;
  const more = held.length - MOST_NAMES;
  return (
    <div
      className={styles.call}
      data-wide={held.some(({ value }) => value.length > NARROW)}
      aria-current={now ? 'step' : undefined}
    >
      <table className={styles.table}>
        <caption>
          <span className={styles.name}>
            {isModule ? t('steps.module', { path: place?.path ?? '' }) : name}
          </span>{' '}
          <span className={styles.line}>
            {now ? t('steps.here', { line }) : t('steps.waits', { line })}
          </span>
        </caption>
        <tbody>
          {held.slice(0, MOST_NAMES).map((variable) => (
            <HeldRow key={variable.name} variable={variable} />
          ))}
        </tbody>
      </table>
      {held.length === 0 && <p className={styles.note}>{t('steps.none')}</p>}
      {more > 0 && <p className={styles.note}>{t('variables.more', { count: more })}</p>}
      {gone.length > 0 && (
        <p className={styles.note}>{t('steps.gone', { names: gone.join(', ') })}</p>
      )}
    </div>
  );
}

function Value({ value }: { value: string }) {
  const [open, setOpen] = useState(false);
  if (value.length <= SHORT) return <span className={styles.value}>{value}</span>;
  return (
    <button
      type="button"
      className={styles.long}
      aria-expanded={open}
      onClick={() => setOpen(!open)}
    >
      <span className={open ? styles.value : styles.cut}>{value}</span>
    </button>
  );
}

function HeldRow({ variable }: { variable: Held }) {
  const { t } = useTranslation('workbench');
  const { name, typeName, value, change, before } = variable;
  return (
    <tr data-change={change ?? undefined} className={change ? styles.changed : undefined}>
      <th scope="row" title={name}>
        {name}
      </th>
      <td title={typeName}>
        <Value value={value} />
        {change && ' '}
        {change === 'new' && <span className={styles.before}>{t('steps.new')}</span>}
        {before !== null && (
          <span className={styles.before}>{t('steps.was', { value: before })}</span>
        )}
      </td>
    </tr>
  );
}
