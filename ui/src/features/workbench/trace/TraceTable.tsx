// The steps as a real table: a row each, indented by what it belongs to, with a bar where it lies in
// the time of the run. Arrow keys go through the rows. A long trace is virtualised.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Row } from './rows';
import { TraceRow } from './TraceRow';
import styles from './TraceTable.module.css';

/** From here on only the rows in view are in the page. */
const MANY_ROWS = 200;
const ROW_HEIGHT = 28;

export interface TraceTableProps {
  rows: readonly Row[];
  whole: { start: number; length: number };
  chosen: string | null;
  onChoose: (id: string | null) => void;
  onFold: (id: string) => void;
  running: boolean;
  /** The step at which the run forks from an older one. */
  forkAt: string | null;
}

const GOES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

export function TraceTable(props: TraceTableProps) {
  const { rows, whole, chosen, onChoose, onFold, running, forkAt } = props;
  const { t } = useTranslation('workbench');
  const box = useRef<HTMLElement>(null);
  const many = rows.length > MANY_ROWS;
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: many,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = many
    ? [items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1]
    : [0, rows.length];
  const focusable = rows.some((row) => row.span.id === chosen) ? chosen : rows[0]?.span.id;

  function onKeyDown(event: KeyboardEvent) {
    const go = GOES[event.key];
    if (!go || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const end = rows.length - 1;
    const at = rows.findIndex((row) => row.span.id === focusable);
    const next = Math.min(Math.max(go(at, end), 0), end);
    const id = rows[next]?.span.id;
    if (id === undefined) return;
    onChoose(id);
    if (many) virtual.scrollToIndex(next);
    requestAnimationFrame(() => {
      box.current?.querySelector<HTMLElement>(`[data-span="${id}"]`)?.focus();
    });
  }

  return (
    <section
      ref={box}
      className={styles.scroller}
      aria-label={t('trace.table')}
      onKeyDown={onKeyDown}
    >
      <table className={styles.table} aria-label={t('trace.table')} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">{t('trace.step')}</th>
            <th scope="col" className={styles.said}>
              {t('trace.what')}
            </th>
            <th scope="col" className={styles.number}>
              {t('trace.tokens')}
            </th>
            <th scope="col" className={styles.number}>
              {t('trace.time')}
            </th>
            <th scope="col" className={styles.line}>
              {t('trace.timeline')}
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap height={first * ROW_HEIGHT} />
          {rows.slice(first, last).map((row, at) => (
            <TraceRow
              key={row.span.id}
              row={row}
              index={first + at + 2}
              whole={whole}
              isChosen={row.span.id === chosen}
              isStop={row.span.id === focusable}
              running={running}
              isFork={row.span.id === forkAt}
              onChoose={onChoose}
              onFold={onFold}
            />
          ))}
          <Gap height={(rows.length - last) * ROW_HEIGHT} />
        </tbody>
      </table>
      {rows.length === 0 && <p className={styles.note}>{t('trace.notFound')}</p>}
    </section>
  );
}

/** Stands for rows that are out of view. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={5} className={styles.gap} />
    </tr>
  );
}
