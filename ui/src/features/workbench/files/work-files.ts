// The lesson's files as the workbench holds them. Texts change with every key and are read when
// they are needed; who draws the tabs only hears when files come, go or are replaced from outside.

import type { FileOrigin } from '../../../bindings/FileOrigin';
import type { FileText } from '../../../bindings/FileText';
import type { LessonFile } from '../../../bindings/LessonFile';

export interface FileEntry {
  readonly path: string;
  readonly origin: FileOrigin;
}

export class WorkFiles {
  private entries: readonly FileEntry[] = [];
  private readonly texts = new Map<string, string>();
  private readonly listeners = new Set<() => void>();

  constructor(files: readonly LessonFile[], unsaved: readonly FileText[] = []) {
    this.fill(files);
    for (const { path, text } of unsaved) this.add(path, text);
  }

  /** Which files there are; the same array until that changes or texts are replaced. */
  list = (): readonly FileEntry[] => this.entries;

  text(path: string): string {
    return this.texts.get(path) ?? '';
  }

  /** Everything but the lesson's data, as runs and checks take it. */
  learnerFiles(): FileText[] {
    return this.entries
      .filter(({ origin }) => origin !== 'data')
      .map(({ path }) => ({ path, text: this.text(path) }));
  }

  /** Whether the learner's files are these, letter for letter. */
  equal(files: readonly FileText[]): boolean {
    const mine = this.learnerFiles();
    return (
      mine.length === files.length && files.every(({ path, text }) => this.texts.get(path) === text)
    );
  }

  typed(path: string, text: string): void {
    this.texts.set(path, text);
    for (const listener of this.listeners) listener();
  }

  /** A file of the learner's; an unsaved text of a known file replaces it. */
  add(path: string, text: string): void {
    if (!this.texts.has(path)) this.insert({ path, origin: 'own' });
    this.typed(path, text);
  }

  /** A text that was not typed here: who shows the files takes it over. */
  put(path: string, text: string): void {
    this.entries = [...this.entries];
    this.typed(path, text);
  }

  replace(files: readonly LessonFile[]): void {
    this.fill(files);
    for (const listener of this.listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private fill(files: readonly LessonFile[]): void {
    this.texts.clear();
    for (const { path, text } of files) this.texts.set(path, text);
    this.entries = files.map(({ path, origin }) => ({ path, origin }));
  }

  private insert(entry: FileEntry): void {
    const data = this.entries.findIndex(({ origin }) => origin === 'data');
    const at = data < 0 ? this.entries.length : data;
    this.entries = this.entries.toSpliced(at, 0, entry);
  }
}

export type NameProblem = 'empty' | 'taken' | 'characters' | 'long' | 'full';

/** Files in one request; the sandbox takes no more. */
const MAX_FILES = 64;

/** Why a file cannot be called this; null when it can. Case decides nothing on half of all disks. */
export function nameProblem(name: string, taken: readonly string[]): NameProblem | null {
  if (name === '') return 'empty';
  if (name.length > 200) return 'long';
  const parts = name.split('/');
  if (/[\\:\p{Cc}]/u.test(name) || parts.some((part) => part === '' || /^\.+$/.test(part))) {
    return 'characters';
  }
  if (taken.some((path) => path.toLowerCase() === name.toLowerCase())) return 'taken';
  return taken.length >= MAX_FILES ? 'full' : null;
}
