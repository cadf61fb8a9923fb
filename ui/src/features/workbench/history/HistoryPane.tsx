// Everything that was run, checked or set aside in this lesson, newest first. Choosing an entry
// compares its files with the ones now, over the editor's place.

import { CircleCheckBig, History, Play, Undo2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../bindings/HistoryEntry';
import type { LessonRef } from '../../../bindings/LessonRef';
import { EmptyState } from '../../../components/EmptyState';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { spokenLanguage } from '../../../lib/i18n';
import { useLoad } from '../../../lib/load';
import { usePlatform } from '../../../platform/context';
import { durationText, timeText } from '../words';
import styles from './HistoryPane.module.css';
import { useEntryWords } from './outcome-words';

export interface HistoryPaneProps {
  lesson: LessonRef;
  /** Changes whenever there may be a new entry. */
  turn: string;
  /** The entry that is compared now. */
  chosen: string | null;
  onChoose: (id: string) => void;
}

export function HistoryPane({ lesson, turn, chosen, onChoose }: HistoryPaneProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const entries = useLoad(`${lesson.course}/${lesson.lesson}`, () => platform.historyList(lesson));
  const read = useRef(turn);
  const { reload } = entries;
  useEffect(() => {
    if (read.current === turn) return;
    read.current = turn;
    reload();
  }, [turn, reload]);
  if (entries.error) return <ErrorNotice error={entries.error} />;
  if (!entries.value) return <p className={styles.note}>{t('history.loading')}</p>;
  if (entries.value.length === 0) {
    return (
      <EmptyState
        icon={<History aria-hidden />}
        title={t('history.emptyTitle')}
        text={t('history.emptyText')}
      />
    );
  }
  return (
    <div className={styles.pane}>
      {chosen === null && <p className={styles.note}>{t('history.pick')}</p>}
      <ol className={styles.list} aria-label={t('history.label')}>
        {entries.value.map((entry) => (
          <li key={entry.id}>
            <Row entry={entry} chosen={entry.id === chosen} onChoose={() => onChoose(entry.id)} />
          </li>
        ))}
      </ol>
    </div>
  );
}

const ICONS = { run: Play, check: CircleCheckBig, snapshot: Undo2 };

function Row(props: { entry: HistoryEntry; chosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation('workbench');
  const { entry } = props;
  const { text, good } = useEntryWords()(entry);
  const language = spokenLanguage();
  const Icon = ICONS[entry.kind];
  return (
    <button
      type="button"
      className={styles.row}
      aria-pressed={props.chosen}
      onClick={props.onChoose}
    >
      <Icon aria-hidden className={styles.icon} />
      <span className={styles.kind}>{t(`history.kind.${entry.kind}`)}</span>
      <span className={styles.outcome} data-good={good ?? undefined}>
        {text}
      </span>
      {entry.durationMs !== null && (
        <span className={styles.quiet}>{durationText(entry.durationMs, language)}</span>
      )}
      <time className={styles.quiet} dateTime={new Date(entry.at).toISOString()}>
        {timeText(entry.at, Date.now(), language)}
      </time>
    </button>
  );
}
