// What the learner's code is about to use, asked of the core a moment after the last key. An answer
// that a newer question overtook is dropped.

import { useEffect, useState } from 'react';
import type { CodeFinding } from '../../../bindings/CodeFinding';
import type { LessonRef } from '../../../bindings/LessonRef';
import { usePlatform } from '../../../platform/context';
import type { WorkFiles } from '../files/work-files';

/** Long enough not to judge a half-typed word, short enough to belong to it. */
const PAUSE_MS = 500;

export function useFindings(
  { course, lesson }: LessonRef,
  files: WorkFiles,
): readonly CodeFinding[] {
  const platform = usePlatform();
  const [findings, setFindings] = useState<readonly CodeFinding[]>([]);

  useEffect(() => {
    let newest = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    function ask() {
      newest += 1;
      const mine = newest;
      const question = { lesson: { course, lesson }, files: files.learnerFiles() };
      platform.codeCheck(question).then(
        (found) => {
          if (mine !== newest) return;
          setFindings((old) => (old.length === 0 && found.length === 0 ? old : found));
        },
        // Advice that does not come is not missed, and Run says what is wrong.
        () => undefined,
      );
    }
    function changed() {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    }
    changed();
    const unsubscribe = files.subscribe(changed);
    return () => {
      newest += 1;
      clearTimeout(timer);
      unsubscribe();
    };
  }, [platform, files, course, lesson]);

  return findings;
}
