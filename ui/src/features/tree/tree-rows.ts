// The tree as the rows a keyboard walks over, and where a key leads from one of them.

import type { CourseTree } from '../../bindings/CourseTree';
import type { LessonNode } from '../../bindings/LessonNode';
import type { Words } from '../../bindings/Words';

export type Row =
  | {
      kind: 'chapter';
      id: string;
      number: string;
      title: Words;
      open: boolean;
      passed: number;
      lessons: number;
    }
  | { kind: 'lesson'; id: string; number: string; lesson: LessonNode; chapter: string };

export const chapterId = (id: string) => `chapter:${id}`;
export const lessonId = (id: string) => `lesson:${id}`;

/** Rows that can be seen: a closed chapter hides its lessons. */
export function rowsOf(tree: CourseTree, closed: ReadonlySet<string>): Row[] {
  return tree.chapters.flatMap((chapter, c) => {
    const id = chapterId(chapter.id);
    const head: Row = {
      kind: 'chapter',
      id,
      number: `${c + 1}`,
      title: chapter.title,
      open: !closed.has(id),
      passed: chapter.lessons.filter(({ state }) => state === 'passed').length,
      lessons: chapter.lessons.length,
    };
    if (closed.has(id)) return [head];
    const lessons = chapter.lessons.map(
      (lesson, l): Row => ({
        kind: 'lesson',
        id: lessonId(lesson.id),
        number: `${c + 1}.${l + 1}`,
        lesson,
        chapter: id,
      }),
    );
    return [head, ...lessons];
  });
}

/** What a key does at a row: move to another, open or close a chapter, or nothing of the tree's. */
export type Step = { to: string } | { open: string } | { close: string } | undefined;

export function stepFrom(rows: readonly Row[], at: string, key: string): Step {
  const index = rows.findIndex(({ id }) => id === at);
  const row = rows[index];
  if (!row) return undefined;
  const to = (other: Row | undefined) => (other ? { to: other.id } : undefined);
  switch (key) {
    case 'ArrowDown':
      return to(rows[index + 1]);
    case 'ArrowUp':
      return to(rows[index - 1]);
    case 'Home':
      return to(rows[0]);
    case 'End':
      return to(rows.at(-1));
    case 'ArrowRight':
      if (row.kind === 'lesson') return undefined;
      return row.open ? to(rows[index + 1]) : { open: row.id };
    case 'ArrowLeft':
      if (row.kind === 'lesson') return { to: row.chapter };
      return row.open ? { close: row.id } : undefined;
    default:
      return undefined;
  }
}
