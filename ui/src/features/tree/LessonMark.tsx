// How far the learner is in a lesson, by shape: an empty ring, a half one, a full one with a tick.

import type { LessonState } from '../../bindings/LessonState';
import styles from './CourseTree.module.css';

export function LessonMark({ state }: { state: LessonState }) {
  return (
    <svg className={`${styles.mark} ${styles[state]}`} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" />
      {state === 'started' && <path d="M8 2a6 6 0 0 1 0 12z" className={styles.fill} />}
      {state === 'passed' && <path d="M5.2 8.3l2 2 3.8-4.4" className={styles.tick} />}
    </svg>
  );
}
