// Diagnostics of the pool: what its containers have done, and how long it took them.

import { useTranslation } from 'react-i18next';
import type { Pool } from '../../bindings/Pool';
import styles from './SettingsDialog.module.css';

const COUNTS = [
  'available',
  'inUse',
  'starting',
  'waiting',
  'created',
  'destroyed',
  'runs',
  'resets',
  'discards',
  'failures',
  'swept',
] as const;
const TIMES = ['acquire', 'firstOutput', 'run', 'reset', 'create'] as const;

export function PoolFigures({ pool }: { pool: Pool }) {
  const { t } = useTranslation('settings');
  const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0);
  return (
    <details className={styles.figures}>
      <summary>{t('pool.title')}</summary>
      <dl className={styles.counts}>
        {COUNTS.map((name) => (
          <div key={name}>
            <dt>{t(`pool.${name}`)}</dt>
            <dd>{pool[name]}</dd>
          </div>
        ))}
      </dl>
      <table className={styles.times}>
        <caption>{t('pool.times')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('pool.what')}</th>
            <th scope="col">{t('pool.half')}</th>
            <th scope="col">{t('pool.most')}</th>
            <th scope="col">{t('pool.longest')}</th>
          </tr>
        </thead>
        <tbody>
          {TIMES.map((name) => (
            <tr key={name}>
              <th scope="row">{t(`pool.${name}`)}</th>
              {pool[name].count === 0 ? (
                <td colSpan={3}>{t('pool.none')}</td>
              ) : (
                <>
                  <td>{ms(pool[name].p50Ms)}</td>
                  <td>{ms(pool[name].p95Ms)}</td>
                  <td>{ms(pool[name].maxMs)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
