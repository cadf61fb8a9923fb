// Passages of all lessons for what is typed, from the core's index. Answers that come too late are
// dropped, so the list never goes back to what was typed before.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { LessonHit } from '../bindings/LessonHit';
import { useSettings } from '../lib/settings';
import { usePlatform } from '../platform/context';

/** As many as somebody looks through. */
const LIMIT = 20;
const NONE: readonly LessonHit[] = [];

export interface Hits {
  hits: readonly LessonHit[];
  ask: (text: string) => void;
}

export function useHits(): Hits {
  const platform = usePlatform();
  const { contentLanguage } = useSettings();
  const [hits, setHits] = useState(NONE);
  const turn = useRef(0);
  const ask = useCallback(
    (text: string) => {
      turn.current += 1;
      const mine = turn.current;
      platform
        .lessonSearch({ text, language: contentLanguage, course: null, limit: LIMIT })
        .then((found) => mine === turn.current && setHits(found))
        // What is called by its name is still found; the log says what is wrong with the index.
        .catch(() => mine === turn.current && setHits(NONE));
    },
    [platform, contentLanguage],
  );
  // Asking for nothing brings the index to what is installed, before the first key.
  useEffect(() => ask(''), [ask]);
  return { hits, ask };
}
