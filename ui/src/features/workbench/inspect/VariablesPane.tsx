// What the program's top-level names held when it came to its end.

import { Braces } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Inspection } from '../../../bindings/Inspection';
import { EmptyState } from '../../../components/EmptyState';
import { endedItself, isActive, type RunState } from '../run/run-state';
import { Stale } from './Stale';
import styles from './VariablesPane.module.css';

export interface VariablesPaneProps {
  run: RunState;
  /** The code is no longer what ran. */
  stale: boolean;
}

export function VariablesPane({ run, stale }: VariablesPaneProps) {
  const { t } = useTranslation('workbench');
  if (run.phase === 'idle') {
    return (
      <EmptyState
        icon={<Braces aria-hidden />}
        title={t('variables.emptyTitle')}
        text={t('variables.emptyText')}
      />
    );
  }
  const { inspection } = run;
  return (
    <div className={styles.pane}>
      {stale && !isActive(run) && <Stale>{t('output.stale')}</Stale>}
      {inspection && inspection.variables.length > 0 ? (
        <VariablesTable inspection={inspection} />
      ) : (
        <p className={styles.note}>{t(`variables.${why(run)}`)}</p>
      )}
    </div>
  );
}

/** Why there is nothing to see. */
function why(run: RunState): 'running' | 'none' | 'unknown' {
  if (isActive(run)) return 'running';
  return endedItself(run) ? 'none' : 'unknown';
}

function VariablesTable({ inspection }: { inspection: Inspection }) {
  const { t } = useTranslation('workbench');
  const { variables, moreVariables } = inspection;
  return (
    <section className={styles.scroller} aria-label={t('variables.label')} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('variables.name')}</th>
            <th scope="col">{t('variables.type')}</th>
            <th scope="col">{t('variables.value')}</th>
          </tr>
        </thead>
        <tbody>
          {variables.map(({ name, typeName, value }) => (
            <tr key={name}>
              <th scope="row" title={name}>
                {name}
              </th>
              <td className={styles.type}>{typeName}</td>
              <td className={styles.value}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {moreVariables > 0 && (
        <p className={styles.more}>{t('variables.more', { count: moreVariables })}</p>
      )}
    </section>
  );
}
