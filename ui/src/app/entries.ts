// What the palette finds: lessons of the course, headings of the open lesson, and every command.

import { useEffect, useMemo, useRef } from 'react';
import type { CourseTree } from '../bindings/CourseTree';
import type { Language } from '../bindings/Language';
import type { LessonRef } from '../bindings/LessonRef';
import type { LessonText } from '../bindings/LessonText';
import type { Entry } from '../features/palette/search';
import { type Command, useAllCommands } from '../lib/commands';
import { pick, say } from '../lib/i18n';
import { useSettings } from '../lib/settings';

export interface Findable {
  trees: readonly CourseTree[];
  /** The open lesson. */
  text: LessonText | undefined;
}

type OnOpen = (lesson: LessonRef, heading?: string | null) => void;

export function useEntries({ trees, text }: Findable, onOpen: OnOpen): Entry[] {
  const { language } = useSettings();
  const commands = useAllCommands();
  const newest = useRef(onOpen);
  useEffect(() => {
    newest.current = onOpen;
  });
  return useMemo(() => {
    const open: OnOpen = (to, heading) => newest.current(to, heading);
    return [
      ...trees.flatMap((tree) => lessonEntries(tree, language, open)),
      ...(text ? headingEntries(text, open) : []),
      ...commandEntries(commands, language),
    ];
  }, [trees, text, commands, language]);
}

function lessonEntries(tree: CourseTree, language: Language, open: OnOpen): Entry[] {
  return tree.chapters.flatMap((chapter, c) =>
    chapter.lessons.map((lesson, l) => ({
      id: `lesson-${tree.id}-${lesson.id}`,
      kind: 'lesson' as const,
      label: `${c + 1}.${l + 1} ${pick(lesson.title, language)}`,
      words: `${lesson.title.zh} ${lesson.title.en} ${chapter.title.zh} ${chapter.title.en}`,
      perform: () => open({ course: tree.id, lesson: lesson.id }),
    })),
  );
}

function headingEntries(text: LessonText, open: OnOpen): Entry[] {
  return text.outline
    .filter(({ level }) => level > 1)
    .map(({ id, text: label }) => ({
      id: `heading-${id}`,
      kind: 'heading' as const,
      label,
      words: '',
      perform: () => open(text.lesson, id),
    }));
}

function commandEntries(commands: readonly Command[], language: Language): Entry[] {
  return commands
    .filter(({ hidden, when }) => !hidden && (when?.() ?? true))
    .map(({ id, label, key, perform }) => ({
      id: `command-${id}`,
      kind: 'command' as const,
      label: say(label, language),
      words: `${say(label, 'zh')} ${say(label, 'en')}`,
      shortcut: key,
      perform,
    }));
}
