// The shelf of courses as the window changes it: which bundle is looked at, which course is to go,
// and how often the shelf has changed, so that what shows it asks again.

import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CourseSummary } from '../bindings/CourseSummary';
import { usePlatform } from '../platform/context';

export interface Shelf {
  /** Another number after each change. */
  version: number;
  /** The file that is looked at. */
  bundle: string | null;
  /** The course that the learner may want to take away. */
  leaving: CourseSummary | null;
  /** Asks for a file. */
  choose: () => Promise<void>;
  show: (bundle: string | null) => void;
  remove: (course: CourseSummary | null) => void;
  changed: () => void;
}

export function useShelf(): Shelf {
  const { t } = useTranslation('courses');
  const platform = usePlatform();
  const [version, setVersion] = useState(0);
  const [waiting, setWaiting] = useState<string[]>([]);
  const [leaving, setLeaving] = useState<CourseSummary | null>(null);

  useEffect(() => {
    // Files the app was opened with wait in the shell, also those from before this page was there.
    const take = () =>
      void platform.openedFiles().then(
        (paths) => paths.length > 0 && setWaiting((old) => [...old, ...paths]),
        () => undefined,
      );
    take();
    return platform.onOpened(take);
  }, [platform]);

  const show = useCallback(
    (bundle: string | null) => setWaiting((old) => (bundle === null ? old.slice(1) : [bundle])),
    [],
  );
  return {
    version,
    bundle: waiting[0] ?? null,
    leaving,
    async choose() {
      const path = await platform.pickPath('bundle', t('bundle.title')).catch(() => null);
      if (path !== null) show(path);
    },
    show,
    remove: setLeaving,
    changed: () => setVersion((old) => old + 1),
  };
}
