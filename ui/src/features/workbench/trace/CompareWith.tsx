// Chooses an older run of the lesson to lay beside this one.

import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { TraceEntry } from '../../../bindings/TraceEntry';
import { spokenLanguage } from '../../../lib/i18n';
import { usePlatform } from '../../../platform/context';
import { timeText } from '../words';
import styles from './TracePane.module.css';

export interface CompareWithProps {
  lesson: LessonRef;
  /** The run that is shown. */
  run: string | null;
  /** Grows when there may be another trace to choose. */
  turn: string;
  /** The one beside it; `''` for none. */
  chosen: string;
  onChoose: (run: string) => void;
}

export function CompareWith({ lesson, run, turn, chosen, onChoose }: CompareWithProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const id = useId();
  const [entries, setEntries] = useState<readonly TraceEntry[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again when a run has ended
  useEffect(() => {
    // A list that cannot be had is an empty one: nothing is lost by it.
    platform.traceList(lesson).then(setEntries, () => setEntries([]));
  }, [platform, lesson, turn]);
  const others = entries.filter((entry) => entry.run !== run);
  if (others.length === 0) return null;

  return (
    <>
      <label htmlFor={id} className={styles.hidden}>
        {t('trace.compare')}
      </label>
      <select
        id={id}
        className={styles.search}
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
      >
        <option value="">{t('trace.compare')}</option>
        {others.map((entry) => (
          <option key={entry.run} value={entry.run}>
            {timeText(entry.at, Date.now(), spokenLanguage())}
          </option>
        ))}
      </select>
    </>
  );
}
