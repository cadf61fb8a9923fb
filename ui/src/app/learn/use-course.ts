// The tree of the open course, with what the page learns about lessons before the core is asked.

import { useCallback, useEffect } from 'react';
import type { CourseTree } from '../../bindings/CourseTree';
import type { LessonNode } from '../../bindings/LessonNode';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonState } from '../../bindings/LessonState';
import type { LessonView } from '../../bindings/LessonView';
import type { ApiError } from '../../lib/api-error';
import { useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';

export interface Course {
  tree: CourseTree | undefined;
  error: ApiError | null;
  reload: () => void;
  setState: (lesson: LessonRef, state: LessonState) => void;
}

/** `opened` is the lesson that was opened last, in this course or another. */
export function useCourse(course: string, opened: LessonView | undefined): Course {
  const platform = usePlatform();
  const { value, error, reload, change } = useLoad(course, () => platform.courseTree(course));
  const setState = useCallback(
    (lesson: LessonRef, state: LessonState) => change((tree) => withState(tree, lesson, state)),
    [change],
  );
  const isThere = value !== undefined;
  useEffect(() => {
    // The tree may have been read before the core took note of the opening.
    if (opened && isThere) setState(opened.lesson, opened.state);
  }, [opened, isThere, setState]);
  return { tree: value, error, reload, setState };
}

/** A passed lesson stays passed, whatever is tried in it afterwards. */
function withState(tree: CourseTree, lesson: LessonRef, state: LessonState): CourseTree {
  if (tree.id !== lesson.course) return tree;
  const isNews = (node: LessonNode) =>
    node.id === lesson.lesson && node.state !== 'passed' && node.state !== state;
  if (!tree.chapters.some(({ lessons }) => lessons.some(isNews))) return tree;
  return {
    ...tree,
    chapters: tree.chapters.map((chapter) => ({
      ...chapter,
      lessons: chapter.lessons.map((node) => (isNews(node) ? { ...node, state } : node)),
    })),
  };
}
