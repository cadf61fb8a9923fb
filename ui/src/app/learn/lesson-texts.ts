// Lessons that were read before somebody opened them, so that a click finds its text in the page.
// Only the author's part is kept here: what the learner did is asked for anew at every opening.

import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonText } from '../../bindings/LessonText';
import { loadMath } from '../../features/lesson/formulas';
import type { Platform } from '../../platform/platform';

/** A text is some ten kilobytes; a learner goes back and forth between a few. */
const MOST = 24;

export class LessonTexts {
  private readonly texts = new Map<string, LessonText>();
  private readonly asked = new Set<string>();
  private readonly platform: Platform;

  constructor(platform: Platform) {
    this.platform = platform;
  }

  /** What is here already. */
  peek(lesson: LessonRef, language: Language): LessonText | undefined {
    return this.texts.get(keyOf(lesson, language));
  }

  /** Fetches a text that is not here. Who opens a lesson that cannot be read is told then why. */
  foresee(lesson: LessonRef, language: Language): void {
    const key = keyOf(lesson, language);
    if (this.texts.has(key) || this.asked.has(key)) return;
    this.asked.add(key);
    this.platform
      .lessonText(lesson, language)
      .then(
        (text) => {
          this.keep(text, language);
          if (text.hasMath) void loadMath().catch(() => undefined);
        },
        () => undefined,
      )
      .finally(() => this.asked.delete(key));
  }

  /** `language` is the one that was asked for; the text may have only the other. */
  keep(text: LessonText, language: Language): void {
    const key = keyOf(text.lesson, language);
    this.texts.delete(key);
    this.texts.set(key, text);
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= MOST) break;
      this.texts.delete(oldest);
    }
  }
}

export function keyOf(lesson: LessonRef, language: Language): string {
  return JSON.stringify([lesson.course, lesson.lesson, language]);
}
