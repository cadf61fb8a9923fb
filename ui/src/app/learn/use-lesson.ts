// The open lesson in the language asked for. While the other language is fetched the old one
// stays, so that nothing flickers and the workbench beside it keeps its state.

import { useState } from 'react';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonView } from '../../bindings/LessonView';
import type { ApiError } from '../../lib/api-error';
import { useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';

export interface OpenLesson {
  view: LessonView | undefined;
  error: ApiError | null;
  reload: () => void;
}

export function useLesson(lesson: LessonRef, language: Language): OpenLesson {
  const platform = usePlatform();
  const key = `${lesson.course}/${lesson.lesson}`;
  const { value, error, reload } = useLoad(`${key}/${language}`, () =>
    platform.lessonOpen(lesson, language),
  );
  const [kept, setKept] = useState(value);
  if (value && value !== kept) setKept(value);
  const same = kept && `${kept.lesson.course}/${kept.lesson.lesson}` === key;
  return { view: same ? kept : undefined, error, reload };
}
