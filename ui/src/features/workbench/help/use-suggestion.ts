// What another place may ask of the workbench: what is in it, and to take code in.

import { type Ref, useImperativeHandle, useState } from 'react';
import type { CursorPlace } from '../../../bindings/CursorPlace';
import type { FileText } from '../../../bindings/FileText';
import type { EditorHandle } from '../editor/CodeEditor';
import type { Workbench } from '../use-workbench';
import { merged } from './merge';

export interface BenchHandle {
  files(): FileText[];
  cursor(): CursorPlace;
  /** Puts code where it belongs in the file that is shown; can be undone like typing. */
  insert(code: string): void;
  /** Shows the file beside what it would become. */
  compare(code: string): void;
}

export interface Compared {
  path: string;
  before: string;
  after: string;
}

export function useSuggestion(
  ref: Ref<BenchHandle> | undefined,
  bench: Workbench,
  editor: React.RefObject<EditorHandle | null>,
) {
  const [compared, setCompared] = useState<Compared | null>(null);
  const { files, path, entries } = bench;

  /** The file that takes code: the one that is shown, unless it is the lesson's data. */
  function target(): string {
    const readOnly = entries.find((entry) => entry.path === path)?.origin === 'data';
    return readOnly ? 'main.py' : path;
  }
  function become(code: string): Compared {
    const into = target();
    const before = files.text(into);
    const line = into === path ? (editor.current?.line() ?? 0) : 0;
    return { path: into, before, after: merged(before, code, line) };
  }
  function take({ path: into, after }: Compared) {
    bench.put(into, after);
    setCompared(null);
    editor.current?.focus();
  }

  useImperativeHandle(ref, () => ({
    files: () => files.learnerFiles(),
    cursor: () => ({ path, line: editor.current?.line() ?? 1 }),
    insert: (code) => take(become(code)),
    compare: (code) => setCompared(become(code)),
  }));

  return { compared, take, close: () => setCompared(null) };
}
