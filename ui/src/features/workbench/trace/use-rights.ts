// What the learner lets the programs of a lesson do, as it is now and not as it was when the lesson was
// opened: another lesson of the course, an update or a terminal may have changed it.

import { useEffect } from 'react';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { LessonRights } from '../../../bindings/LessonRights';
import { useLoad } from '../../../lib/load';
import { usePlatform } from '../../../platform/context';

export interface Rights {
  /** Absent until the first answer. */
  now: LessonRights | undefined;
  /** Asks again, after the learner said something. */
  ask: () => void;
}

/** Asked again when the window is come back to, and with every other `turn`: a run that begins or ends. */
export function useRights(lesson: LessonRef, turn: string): Rights {
  const platform = usePlatform();
  const { value, reload } = useLoad(`${lesson.course}/${lesson.lesson}`, () =>
    platform.lessonRights(lesson),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks, whatever it is
  useEffect(reload, [reload, turn]);
  useEffect(() => {
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, [reload]);
  return { now: value, ask: reload };
}
