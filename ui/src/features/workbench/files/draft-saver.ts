// Keeps what the learner typed: saves a little after the last key, and at the latest a little more
// after the first unsaved one. One saver lives as long as the app, so that leaving a lesson cannot
// drop a text whose saving failed; a lesson that is opened again gets such texts back.
//
// Per file at most one save is under way; a text typed meanwhile follows it. A failed text stays,
// is tried again by itself, and is told to whoever listens until it is stored.

import type { FileText } from '../../../bindings/FileText';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { ApiError } from '../../../lib/api-error';
import { toApiError } from '../../../lib/api-error';

export const QUIET_MS = 250;
export const MAX_WAIT_MS = 400;
export const RETRY_MS = 4000;

export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'failed'; readonly error: ApiError; readonly paths: readonly string[] };

type Save = (lesson: LessonRef, file: FileText) => Promise<void>;

interface Draft {
  readonly lesson: LessonRef;
  readonly path: string;
  text: string;
  dirty: boolean;
  saving: Promise<void> | null;
  error: ApiError | null;
}

const SAVED: SaveState = { kind: 'saved' };

export class DraftSaver {
  private readonly drafts = new Map<string, Draft>();
  private readonly listeners = new Set<() => void>();
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private latest: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private current: SaveState = SAVED;
  private readonly save: Save;

  constructor(save: Save) {
    this.save = save;
  }

  /** The learner typed; the text is the whole file. */
  changed(lesson: LessonRef, path: string, text: string): void {
    const key = keyOf(lesson, path);
    const draft = this.drafts.get(key);
    if (draft) {
      draft.text = text;
      draft.dirty = true;
    } else {
      this.drafts.set(key, { lesson, path, text, dirty: true, saving: null, error: null });
    }
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => void this.flush(), QUIET_MS);
    this.latest ??= setTimeout(() => void this.flush(), MAX_WAIT_MS);
    this.publish();
  }

  /** Saves everything now. True when all of it is stored. */
  async flush(): Promise<boolean> {
    this.stopTimers();
    await Promise.all([...this.drafts.values()].map((draft) => this.store(draft)));
    return this.drafts.size === 0;
  }

  /** Saves what was typed into one lesson, or tries to: a text that failed stays unsaved. */
  async settle(lesson: LessonRef): Promise<void> {
    const its = [...this.drafts.values()].filter((draft) => sameLesson(draft.lesson, lesson));
    await Promise.all(its.map((draft) => this.store(draft)));
  }

  /** What is typed but not stored yet. */
  unsaved(lesson: LessonRef): FileText[] {
    return [...this.drafts.values()]
      .filter((draft) => sameLesson(draft.lesson, lesson))
      .map(({ path, text }) => ({ path, text }));
  }

  /** A file is gone or was replaced as a whole: what was typed into it must not come back. */
  forget(lesson: LessonRef, path: string): void {
    this.drafts.delete(keyOf(lesson, path));
    this.publish();
  }

  state = (): SaveState => this.current;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private async store(draft: Draft): Promise<void> {
    if (draft.saving) await draft.saving;
    if (!draft.dirty || this.drafts.get(keyOf(draft.lesson, draft.path)) !== draft) return;
    if (draft.saving) return this.store(draft);
    draft.saving = this.attempt(draft);
    await draft.saving;
  }

  private async attempt(draft: Draft): Promise<void> {
    draft.dirty = false;
    try {
      await this.save(draft.lesson, { path: draft.path, text: draft.text });
      draft.error = null;
    } catch (thrown) {
      draft.dirty = true;
      draft.error = toApiError(thrown);
      this.retry ??= setTimeout(() => void this.flush(), RETRY_MS);
    }
    draft.saving = null;
    const key = keyOf(draft.lesson, draft.path);
    if (!draft.dirty && this.drafts.get(key) === draft) this.drafts.delete(key);
    this.publish();
  }

  private stopTimers(): void {
    for (const timer of [this.quiet, this.latest, this.retry]) clearTimeout(timer);
    this.quiet = undefined;
    this.latest = undefined;
    this.retry = undefined;
  }

  private publish(): void {
    const failed = [...this.drafts.values()].filter((draft) => draft.error !== null);
    const error = failed[0]?.error;
    if (error) this.current = { kind: 'failed', error, paths: failed.map(({ path }) => path) };
    else this.current = this.drafts.size > 0 ? { kind: 'pending' } : SAVED;
    for (const listener of this.listeners) listener();
  }
}

export function sameLesson(a: LessonRef, b: LessonRef): boolean {
  return a.course === b.course && a.lesson === b.lesson;
}

function keyOf(lesson: LessonRef, path: string): string {
  return JSON.stringify([lesson.course, lesson.lesson, path]);
}
