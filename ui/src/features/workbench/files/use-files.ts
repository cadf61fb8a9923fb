// The lesson's files in the page: what is typed reaches the saver, what is replaced reaches the
// editor, and closing the window or leaving the lesson saves first.

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { LessonFile } from '../../../bindings/LessonFile';
import type { LessonRef } from '../../../bindings/LessonRef';
import { usePlatform } from '../../../platform/context';
import type { Platform } from '../../../platform/platform';
import { DraftSaver, type SaveState } from './draft-saver';
import { type FileEntry, WorkFiles } from './work-files';

// One saver per platform, not per lesson: a text whose saving failed outlives its lesson's page.
const savers = new WeakMap<Platform, DraftSaver>();

function saverOf(platform: Platform): DraftSaver {
  const known = savers.get(platform);
  if (known) return known;
  const saver = new DraftSaver((lesson, file) => platform.draftSave(lesson, file));
  savers.set(platform, saver);
  return saver;
}

/** Resolves when nothing typed into this lesson is on its way to the store any more. */
export function settleDrafts(platform: Platform, lesson: LessonRef): Promise<void> {
  return saverOf(platform).settle(lesson);
}

export interface LessonFiles {
  files: WorkFiles;
  entries: readonly FileEntry[];
  saver: DraftSaver;
  save: SaveState;
  /** The learner changed a text; false when it only echoes what is known already. */
  typed: (path: string, text: string) => boolean;
  /** Puts another text in the place of a file's; the editor can undo it. */
  put: (path: string, text: string) => void;
  /** All files as the core has them now; what was typed before is settled by it. */
  replace: (files: readonly LessonFile[]) => void;
}

/** `lesson` must stay the same for the life of the component. */
export function useFiles(lesson: LessonRef, initial: readonly LessonFile[]): LessonFiles {
  const platform = usePlatform();
  const saver = saverOf(platform);
  const [files] = useState(() => new WorkFiles(initial, saver.unsaved(lesson)));
  const entries = useSyncExternalStore(files.subscribe, files.list);
  const save = useSyncExternalStore(saver.subscribe, saver.state);

  useEffect(() => {
    const flush = async () => void (await saver.flush());
    const unsubscribe = platform.onClose(flush);
    return () => {
      unsubscribe();
      void flush();
    };
  }, [platform, saver]);

  return {
    files,
    entries,
    saver,
    save,
    typed(path, text) {
      if (files.text(path) === text) return false;
      files.typed(path, text);
      saver.changed(lesson, path, text);
      return true;
    },
    put(path, text) {
      files.put(path, text);
      saver.changed(lesson, path, text);
    },
    replace(next) {
      for (const { path } of files.list()) saver.forget(lesson, path);
      files.replace(next);
    },
  };
}
