// The trees of every course, for searching from Home. Asked for when the palette opens, so that
// the first frame waits for nothing it does not show.

import { useEffect, useState } from 'react';
import type { CourseTree } from '../bindings/CourseTree';
import { usePlatform } from '../platform/context';
import type { Platform } from '../platform/platform';

const NONE: readonly CourseTree[] = [];

export function useTrees(wanted: boolean): readonly CourseTree[] {
  const platform = usePlatform();
  const [trees, setTrees] = useState(NONE);
  useEffect(() => {
    if (!wanted) return undefined;
    let here = true;
    // A course that cannot be read is missing from the search; Home says what is wrong with it.
    allTrees(platform).then(
      (found) => here && setTrees(found),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [wanted, platform]);
  return trees;
}

async function allTrees(platform: Platform): Promise<CourseTree[]> {
  const { courses } = await platform.home();
  const answers = await Promise.allSettled(courses.map(({ id }) => platform.courseTree(id)));
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}
