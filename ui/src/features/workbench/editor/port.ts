// What the workbench asks of an editor, and what an editor tells it. The seam between React and
// Monaco: `core.ts` is the real side, a text area the one of the tests.
//
// The editor owns the text while the learner types; nothing is pushed into it on a key press.
// Changes from outside (reset, restore) come through `sync` and can be undone like typing.

import type { Accessibility } from '../../../bindings/Accessibility';
import type { Place } from '../inspect/replay';
import type { ErrorMark } from '../output/traceback';

export interface EditorFile {
  readonly path: string;
  readonly text: string;
  readonly readOnly: boolean;
}

export interface EditorLook {
  readonly fontSize: number;
  readonly tabSize: number;
  readonly wrap: boolean;
  readonly accessibility: Accessibility;
  /** What a screen reader calls the editor. */
  readonly label: string;
  /** Said when somebody types into a file that cannot be changed. */
  readonly readOnlyMessage: string;
}

export interface EditorEvents {
  /** The learner (or an undo) changed a file; never an input method's half-typed state lost. */
  typed(path: string, text: string): void;
  blurred(): void;
  /** Escape with nothing open in the editor. */
  left(): void;
  /** Whether Tab leaves the editor instead of indenting. */
  tabMovesFocus(on: boolean): void;
  /** A click on a line's number, from 1. */
  lineNumber(path: string, line: number): void;
}

/** Where a recorded program is: the line that comes, and the one it has just executed. */
export interface Trace {
  readonly place: Place | null;
  readonly done: Place | null;
}

/** Something the code is about to use: a stretch of text, 1-based, and what is said about it. */
export interface CodeMark {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The program would not start. */
  readonly denied: boolean;
  readonly message: string;
}

export interface EditorPort {
  /** Makes the editor hold exactly these files. A text that is there already is left alone. */
  sync(files: readonly EditorFile[]): void;
  show(path: string): void;
  /** 1-based; the file must be shown. */
  reveal(line: number): void;
  focus(): void;
  /** Where the cursor is in the file that is shown, 1-based. */
  line(): number;
  look(look: EditorLook): void;
  mark(mark: ErrorMark | null): void;
  /** Marks in all files; the marks before are gone. */
  findings(marks: readonly CodeMark[]): void;
  /** Highlights on the file that is shown, and brings the line into view. The cursor stays. */
  trace(trace: Trace | null): void;
  dispose(): void;
}

export interface DiffPort {
  show(path: string, before: string, after: string): void;
  look(look: EditorLook): void;
  dispose(): void;
}

export interface EditorModule {
  createEditor(host: HTMLElement, look: EditorLook, events: EditorEvents): EditorPort;
  /** Read only; `before` left, `after` right. */
  createDiff(host: HTMLElement, look: EditorLook): DiffPort;
}
