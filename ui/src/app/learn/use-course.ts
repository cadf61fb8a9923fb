// The tree of the open course, with what the page learns about lessons before the core is asked.

import type { CourseTree } from '../../bindings/CourseTree';
import type { LessonState } from '../../bindings/LessonState';
import type { ApiError } from '../../lib/api-error';
import { useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';

export interface Course {
  tree: CourseTree | undefined;
  error: ApiError | null;
  reload: () => void;
  setState: (lesson: string, state: LessonState) => void;
}

export function useCourse(course: string): Course {
  const platform = usePlatform();
  const { value, error, reload, change } = useLoad(course, () => platform.courseTree(course));
  return {
    tree: value,
    error,
    reload,
    setState: (lesson, state) => change((tree) => withState(tree, lesson, state)),
  };
}

/** A passed lesson stays passed, whatever is tried in it afterwards. */
export function withState(tree: CourseTree, lesson: string, state: LessonState): CourseTree {
  return {
    ...tree,
    chapters: tree.chapters.map((chapter) => ({
      ...chapter,
      lessons: chapter.lessons.map((node) =>
        node.id === lesson && node.state !== 'passed' ? { ...node, state } : node,
      ),
    })),
  };
}
