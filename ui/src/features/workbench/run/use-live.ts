// Live mode in the page: on while the setting says so and the lesson is open.

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { LessonRef } from '../../../bindings/LessonRef';
import { usePlatform } from '../../../platform/context';
import type { WorkFiles } from '../files/work-files';
import { type LiveNote, LiveRunner } from './live-runner';
import type { RunSession } from './run-session';

export interface Live {
  on: boolean;
  note: LiveNote | null;
  /** Another run was asked for: a live one ends, and what was said of it is over. */
  stop: () => void;
}

/** All but `on` must stay the same for the life of the component. */
export function useLive(
  on: boolean,
  lesson: LessonRef,
  session: RunSession,
  files: WorkFiles,
): Live {
  const platform = usePlatform();
  const [runner] = useState(
    () => new LiveRunner(platform, lesson, session, () => files.learnerFiles()),
  );
  const note = useSyncExternalStore(runner.note.subscribe, runner.note.get);
  useEffect(() => {
    if (!on) return undefined;
    runner.changed();
    const unsubscribe = files.subscribe(() => runner.changed());
    return () => {
      unsubscribe();
      runner.end();
    };
  }, [on, runner, files]);
  return { on, note, stop: () => runner.end() };
}
