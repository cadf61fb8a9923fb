// Two runs side by side: each step of both in a row, with what came of it here and there. What differs is
// marked by a word as well as by colour.

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TraceSpan } from '../../../bindings/TraceSpan';
import { pairsOf } from './compare';
import { gist } from './gist';
import styles from './TraceTable.module.css';

export interface CompareTableProps {
  left: readonly TraceSpan[];
  right: readonly TraceSpan[];
}

/** More rows than anybody compares by eye. */
const MOST_ROWS = 500;

export function CompareTable({ left, right }: CompareTableProps) {
  const { t } = useTranslation('workbench');
  const pairs = useMemo(() => pairsOf(left, right), [left, right]);
  const differing = pairs.filter(({ same }) => !same).length;
  return (
    <section className={styles.scroller} aria-label={t('trace.comparison')} tabIndex={0}>
      <table className={styles.table}>
        <caption className={styles.note}>
          {t('trace.differing', { count: differing, all: pairs.length })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('trace.step')}</th>
            <th scope="col">{t('trace.thisRun')}</th>
            <th scope="col">{t('trace.otherRun')}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.slice(0, MOST_ROWS).map((pair, at) => {
            const span = pair.left ?? pair.right;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a pair is its place
              <tr key={at} data-failed={!pair.same}>
                <th scope="row">
                  <span className={styles.kind}>{span && t(`trace.kind.${span.kind}`)}</span>{' '}
                  {span?.name} {!pair.same && <em>{t('trace.differs')}</em>}
                </th>
                <Side span={pair.left} />
                <Side span={pair.right} />
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Side({ span }: { span: TraceSpan | null }) {
  const { t } = useTranslation('workbench');
  return (
    <td className={styles.said} title={span ? gist(span) : undefined}>
      {span ? (span.error ?? gist(span)) : t('trace.onlyThere')}
    </td>
  );
}
