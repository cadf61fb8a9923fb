// The open lesson in the language asked for: its text as soon as it is known, and the work in it
// once that text is painted, because a workbench takes longer to build than a text to be drawn.
//
// Until the new ones are there the old ones stay, so that nothing flickers: for a moment after
// another lesson was asked for, and as long as it takes after another language was. `isCurrent`
// and `isSettled` say whose they are.

import { startTransition, useCallback, useEffect, useState } from 'react';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonText } from '../../bindings/LessonText';
import type { LessonView } from '../../bindings/LessonView';
import { settleDrafts } from '../../features/workbench/files/use-files';
import { afterPaint } from '../../lib/after-paint';
import type { ApiError } from '../../lib/api-error';
import { useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';
import { keyOf, type LessonTexts } from './lesson-texts';

/** How long the lesson before this one may stand in its place. */
export const PATIENCE_MS = 150;

export interface OpenLesson {
  text: LessonText | undefined;
  /** For the workbench. */
  work: LessonView | undefined;
  /** The text is of the lesson asked for. */
  isCurrent: boolean;
  /** The work is, too. */
  isSettled: boolean;
  error: ApiError | null;
  reload: () => void;
  /** Somebody may open this lesson next. */
  foresee: (lesson: LessonRef) => void;
}

/** A text and what was asked for when it came. */
interface Shown {
  key: string;
  text: LessonText | undefined;
}

export function useLesson(lesson: LessonRef, language: Language, texts: LessonTexts): OpenLesson {
  const platform = usePlatform();
  const key = keyOf(lesson, language);
  const { value, error, reload } = useLoad(key, async () => {
    // What was typed into this lesson a moment ago must be in the answer.
    await settleDrafts(platform, lesson);
    return platform.lessonOpen(lesson, language);
  });
  const [shown, setShown] = useState<Shown>({ key: '', text: undefined });
  const [work, setWork] = useState<LessonView>();
  const { course, lesson: id } = lesson;

  if (shown.key !== key) {
    const text = texts.peek(lesson, language) ?? value;
    if (text) setShown({ key, text });
  }
  const foresee = useCallback(
    (next: LessonRef) => texts.foresee(next, language),
    [texts, language],
  );
  useEffect(() => {
    if (!value) return undefined;
    let wanted = true;
    texts.keep(value, language);
    async function complete(view: LessonView) {
      await afterPaint();
      if (!wanted) return;
      startTransition(() => {
        setShown({ key, text: view });
        setWork(view);
      });
      await afterPaint();
      for (const next of [view.next, view.previous]) if (next && wanted) foresee(next);
    }
    void complete(value);
    return () => {
      wanted = false;
    };
  }, [value, texts, key, language, foresee]);

  useEffect(() => {
    if (value) return undefined;
    const isOther = ({ lesson: its }: LessonText) => its.course !== course || its.lesson !== id;
    const drop = () => {
      setShown((old) => (old.text && isOther(old.text) ? { key: '', text: undefined } : old));
      setWork((old) => (old && isOther(old) ? undefined : old));
    };
    const timer = setTimeout(drop, error ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [value, error, course, id]);

  const isAsked = (its: LessonText | undefined) =>
    its?.lesson.course === course && its.lesson.lesson === id;
  return {
    text: shown.text,
    work,
    isCurrent: isAsked(shown.text),
    isSettled: isAsked(work),
    error,
    reload,
    foresee,
  };
}
