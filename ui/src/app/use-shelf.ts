// The shelf of courses as the window changes it: which bundle is looked at, which course is to go,
// and how often the shelf has changed, so that what shows it asks again.

import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CourseSummary } from '../bindings/CourseSummary';
import type { KeptWork } from '../bindings/KeptWork';
import type { OpenedPath } from '../bindings/OpenedPath';
import { useSteady } from '../lib/steady';
import { usePlatform } from '../platform/context';

export interface Shelf {
  /** Another number after each change. */
  version: number;
  /** The file that is looked at. */
  bundle: string | null;
  /** The course that the learner may want to take away. */
  leaving: CourseSummary | null;
  /** The work in a course that is gone, which the learner may want to be forgotten. */
  forgetting: KeptWork | null;
  /** Asks for a file. */
  choose: () => Promise<void>;
  show: (bundle: string | null) => void;
  remove: (course: CourseSummary | null) => void;
  forget: (work: KeptWork | null) => void;
  changed: () => void;
}

/** A folder that the app was opened with: a course that is being written. */
export type OpenedFolder = Extract<OpenedPath, { type: 'folder' }>;

/** `onFolder` is told of the folders, of several the last. */
export function useShelf(onFolder: (folder: OpenedFolder) => void): Shelf {
  const { t } = useTranslation('courses');
  const platform = usePlatform();
  const [version, setVersion] = useState(0);
  const [waiting, setWaiting] = useState<string[]>([]);
  const [leaving, setLeaving] = useState<CourseSummary | null>(null);
  const [forgetting, setForgetting] = useState<KeptWork | null>(null);

  const sort = useSteady((opened: OpenedPath[]) => {
    const files = opened.flatMap((it) => (it.type === 'file' ? [it.path] : []));
    if (files.length > 0) setWaiting((old) => [...old, ...files]);
    const folder = opened.findLast((it) => it.type === 'folder');
    if (folder) onFolder(folder);
  });
  useEffect(() => {
    // What the app was opened with waits in the shell, also that from before this page was there.
    const take = () => void platform.openedPaths().then(sort, () => undefined);
    take();
    return platform.onOpened(take);
  }, [platform, sort]);

  const show = useCallback(
    (bundle: string | null) => setWaiting((old) => (bundle === null ? old.slice(1) : [bundle])),
    [],
  );
  return {
    version,
    bundle: waiting[0] ?? null,
    leaving,
    forgetting,
    async choose() {
      const path = await platform.pickPath('bundle', t('bundle.title')).catch(() => null);
      if (path !== null) show(path);
    },
    show,
    remove: setLeaving,
    forget: setForgetting,
    changed: () => setVersion((old) => old + 1),
  };
}
