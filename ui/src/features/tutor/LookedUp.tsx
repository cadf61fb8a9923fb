// What the tutor looked up, in its place among the words: one quiet line, which unfolds to the places
// it found. They open beside the conversation.

import { BookOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../bindings/LessonRef';
import type { ToolUse } from '../../bindings/ToolUse';
import styles from './LookedUp.module.css';
import { lookedWords, placeWords } from './looked';

export interface LookedUpProps {
  tool: ToolUse;
  onLesson: (lesson: LessonRef, anchor: string | null) => void;
}

export function LookedUp({ tool, onLesson }: LookedUpProps) {
  const { t } = useTranslation('tutor');
  const line = (
    <>
      <BookOpen aria-hidden />
      {lookedWords(tool, t)}
    </>
  );
  if (tool.places.length === 0) return <p className={styles.line}>{line}</p>;
  return (
    <details className={styles.looked}>
      <summary className={styles.line}>{line}</summary>
      <ul className={styles.places}>
        {tool.places.map((place) => (
          <li key={`${place.lesson.course}/${place.lesson.lesson}#${place.anchor}`}>
            <button
              type="button"
              className={styles.place}
              onClick={() => onLesson(place.lesson, place.anchor)}
            >
              {placeWords(place)}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
