// All conversations about this lesson, and a search through what was said in those of every lesson.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../bindings/LessonRef';
import type { TutorHit } from '../../bindings/TutorHit';
import { Dialog } from '../../components/Dialog';
import { ErrorNotice } from '../../components/ErrorNotice';
import { type ApiError, toApiError } from '../../lib/api-error';
import { spokenLanguage, told } from '../../lib/i18n';
import { usePlatform } from '../../platform/context';
import styles from './ThreadBar.module.css';
import type { TutorWish } from './TutorPane';
import type { Tutor } from './use-tutor';

export interface ThreadListProps {
  tutor: Tutor;
  lesson: LessonRef;
  open: boolean;
  onClose: () => void;
  /** Opens a conversation about another lesson. */
  onElsewhere: (lesson: LessonRef, wish: TutorWish) => void;
}

export function ThreadList({ tutor, lesson, open, onClose, onElsewhere }: ThreadListProps) {
  const { t } = useTranslation('tutor');
  const [text, setText] = useState('');
  const { hits, error } = useHits(text);
  const threads = tutor.threads.value ?? [];
  const isHere = (other: LessonRef) =>
    other.course === lesson.course && other.lesson === lesson.lesson;
  const current = tutor.conversation.thread?.id;
  const named = threads.filter(({ title }) => title.toLowerCase().includes(text.toLowerCase()));

  function choose(thread: string, message?: string) {
    onClose();
    setText('');
    tutor.open(thread, message);
  }
  function chooseHit({ thread, message }: TutorHit) {
    if (isHere(thread.lesson)) {
      choose(thread.id, message);
      return;
    }
    onClose();
    setText('');
    onElsewhere(thread.lesson, { kind: 'open', thread: thread.id, message });
  }

  return (
    <Dialog open={open} onClose={onClose} title={t('conversations')}>
      <input
        type="search"
        className={styles.field}
        aria-label={t('search')}
        placeholder={t('search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {error && <ErrorNotice error={error} />}
      {tutor.threads.error && <ErrorNotice error={tutor.threads.error} />}
      <ul className={styles.list} aria-label={t('conversations')}>
        {named.map(({ id, title, at }) => (
          <li key={id}>
            <button
              type="button"
              className={styles.entry}
              aria-current={id === current}
              onClick={() => choose(id)}
            >
              <span>{title}</span>
              <span className={styles.small}>{dayText(at)}</span>
            </button>
          </li>
        ))}
        {hits.map((hit) => (
          <li key={hit.message}>
            <button type="button" className={styles.entry} onClick={() => chooseHit(hit)}>
              <span>{hit.thread.title}</span>
              <span className={styles.small}>{hit.excerpt}</span>
              {!isHere(hit.thread.lesson) && (
                <span className={styles.place}>{told(hit.lessonTitle)}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {named.length === 0 && hits.length === 0 && (
        <p className={styles.small}>{t(text === '' ? 'none' : 'notFound')}</p>
      )}
    </Dialog>
  );
}

/** What the search finds, for the newest text. */
function useHits(text: string): { hits: readonly TutorHit[]; error: ApiError | null } {
  const platform = usePlatform();
  const [hits, setHits] = useState<readonly TutorHit[]>([]);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    setError(null);
    if (text.trim() === '') {
      setHits([]);
      return undefined;
    }
    let wanted = true;
    platform.tutorSearch(text).then(
      (found) => wanted && setHits(found),
      (thrown) => wanted && setError(toApiError(thrown)),
    );
    return () => {
      wanted = false;
    };
  }, [text, platform]);
  return { hits, error };
}

function dayText(at: number): string {
  const locale = spokenLanguage() === 'zh' ? 'zh-CN' : 'en';
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}
