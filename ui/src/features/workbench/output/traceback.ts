// Finds the learner's own lines in a Python traceback: for the links in the output and for the
// mark in the editor. Knows nothing of streams or colours; it reads plain lines.

import type { Failure } from '../../../bindings/Failure';

export interface FrameLink {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** Where `File "…", line n` stands in the text. */
  readonly start: number;
  readonly end: number;
}

export interface ErrorMark {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** The last line of the traceback, for example `ZeroDivisionError: division by zero`. */
  readonly message: string;
  /** The expression that failed, where the engine knows it. */
  readonly range?: MarkRange;
}

/** From 1, in UTF-16 units; the end is behind the last character. */
export interface MarkRange {
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const FRAME = /File "([^"\n]+)", line (\d+)/;
/** Exception groups draw their frames behind `|` and `+`. */
const INDENTED = /^[\s|+-]/;
/** How far back a traceback is looked for; deep recursions are folded by Python itself. */
const LOOK_BACK = 2000;

/** The link in one line of text, when it names one of the learner's files. */
export function frameLink(text: string, files: readonly string[]): FrameLink | null {
  const found = FRAME.exec(text);
  if (!found) return null;
  const [all, raw = '', line = ''] = found;
  const path = ownFile(raw, files);
  if (path === null) return null;
  return { path, line: Number(line), start: found.index, end: found.index + all.length };
}

/** The innermost own line of the last traceback, with what Python says about it. */
export function lastError(lines: readonly string[], files: readonly string[]): ErrorMark | null {
  const oldest = Math.max(0, lines.length - LOOK_BACK);
  for (let index = lines.length - 1; index >= oldest; index -= 1) {
    const link = frameLink(lines[index] ?? '', files);
    if (!link) continue;
    const message = lines.slice(index + 1).find((line) => line !== '' && !INDENTED.test(line));
    return { path: link.path, line: link.line, message: message?.trim() ?? '' };
  }
  return null;
}

/** The place the engine names; a traceback only tells its line. */
export function failureMark(failure: Failure | null, files: readonly string[]): ErrorMark | null {
  const path = failure && ownFile(failure.file, files);
  if (!failure || path === null) return null;
  const { line, message, column, endLine, endColumn } = failure;
  return { path, line, message, range: { column, endLine, endColumn } };
}

/** Engines may show a file under the folder they laid it in. */
function ownFile(raw: string, files: readonly string[]): string | null {
  const path = raw.replaceAll('\\', '/').replace(/^\.\//, '');
  return files.find((file) => path === file || path.endsWith(`/${file}`)) ?? null;
}
