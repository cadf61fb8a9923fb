// The real editor behind `port.ts`: one model per file with its own undo history and view state.
// Everything is disposed with the editor, so a lesson leaves nothing behind.

import { type Place, samePlace } from '../inspect/replay';
import type { ErrorMark } from '../output/traceback';
import { monaco } from './monaco';
import { editorOptions, languageOf, prepareMonaco } from './options';
import type {
  CodeMark,
  DiffPort,
  EditorEvents,
  EditorFile,
  EditorLook,
  EditorPort,
  Trace,
} from './port';
import { followPageTheme } from './theme';

type Model = monaco.editor.ITextModel;

interface Open {
  readonly model: Model;
  readOnly: boolean;
  view: monaco.editor.ICodeEditorViewState | null;
  /** An outside text that waits for the end of an input method's composition. */
  waiting: string | null;
}

const MARKS = 'last-run';
const FINDINGS = 'code-check';
const IMMEDIATE = monaco.editor.ScrollType.Immediate;
/** The cursor is in the text and nothing of the editor's own is open that Escape should close. */
const NOTHING_OPEN = [
  'suggestWidgetVisible',
  'parameterHintsVisible',
  'findWidgetVisible',
  'renameInputVisible',
  'markersNavigationVisible',
  'messageVisible',
  'inSnippetMode',
  'editorHasMultipleSelections',
  'editorHoverVisible',
  'isComposing',
]
  .map((key) => `!${key}`)
  .concat('editorTextFocus')
  .join(' && ');

export function createEditor(
  host: HTMLElement,
  look: EditorLook,
  events: EditorEvents,
): EditorPort {
  return new MonacoEditor(host, look, events);
}

class MonacoEditor implements EditorPort {
  private readonly editor: monaco.editor.IStandaloneCodeEditor;
  private readonly events: EditorEvents;
  private readonly files = new Map<string, Open>();
  private current: string | null = null;
  private composing = false;
  private tabMovesFocus = false;
  private tabSize: number;
  private readonly lineMark: monaco.editor.IEditorDecorationsCollection;
  private readonly traceMarks: monaco.editor.IEditorDecorationsCollection;

  constructor(host: HTMLElement, look: EditorLook, events: EditorEvents) {
    this.events = events;
    this.tabSize = look.tabSize;
    prepareMonaco();
    this.editor = monaco.editor.create(host, {
      ...editorOptions(look),
      theme: followPageTheme(),
      model: null,
    });
    this.lineMark = this.editor.createDecorationsCollection();
    this.traceMarks = this.editor.createDecorationsCollection();
    this.editor.onMouseDown(({ target }) => {
      if (target.type !== monaco.editor.MouseTargetType.GUTTER_LINE_NUMBERS) return;
      if (this.current !== null) events.lineNumber(this.current, target.position.lineNumber);
    });
    this.editor.onDidBlurEditorWidget(() => events.blurred());
    this.editor.onDidCompositionStart(() => {
      this.composing = true;
    });
    this.editor.onDidCompositionEnd(() => this.composed());
    this.editor.addCommand(monaco.KeyCode.Escape, () => events.left(), NOTHING_OPEN);
    const { CtrlCmd, WinCtrl, Shift } = monaco.KeyMod;
    for (const modifiers of [CtrlCmd, WinCtrl | Shift]) {
      this.editor.addCommand(modifiers | monaco.KeyCode.KeyM, () => this.toggleTab());
    }
  }

  sync(files: readonly EditorFile[]): void {
    const gone = new Set(this.files.keys());
    for (const file of files) {
      gone.delete(file.path);
      const open = this.files.get(file.path);
      if (open) {
        open.readOnly = file.readOnly;
        this.put(open, file.text);
      } else {
        this.files.set(file.path, this.open(file));
      }
    }
    for (const path of gone) this.close(path);
  }

  show(path: string): void {
    const next = this.files.get(path);
    if (!next || path === this.current) return;
    const before = this.current === null ? undefined : this.files.get(this.current);
    if (before) before.view = this.editor.saveViewState();
    this.current = path;
    this.editor.setModel(next.model);
    this.editor.updateOptions({ readOnly: next.readOnly });
    this.editor.restoreViewState(next.view);
  }

  reveal(line: number): void {
    const column = this.editor.getModel()?.getLineFirstNonWhitespaceColumn(line) || 1;
    this.editor.setPosition({ lineNumber: line, column });
    this.editor.revealLineInCenterIfOutsideViewport(line);
  }

  focus(): void {
    this.editor.focus();
  }

  line(): number {
    return this.editor.getPosition()?.lineNumber ?? 1;
  }

  look(look: EditorLook): void {
    this.tabSize = look.tabSize;
    this.editor.updateOptions(editorOptions(look));
    for (const { model } of this.files.values()) model.updateOptions({ tabSize: look.tabSize });
  }

  mark(mark: ErrorMark | null): void {
    for (const { model } of this.files.values()) monaco.editor.setModelMarkers(model, MARKS, []);
    this.lineMark.clear();
    const model = mark && this.files.get(mark.path)?.model;
    if (!model || mark.line > model.getLineCount()) return;
    const range = markRange(mark, model);
    const severity = monaco.MarkerSeverity.Error;
    monaco.editor.setModelMarkers(model, MARKS, [{ ...range, severity, message: mark.message }]);
    if (model === this.editor.getModel()) {
      const line = new monaco.Range(mark.line, 1, mark.line, 1);
      this.lineMark.set([{ range: line, options: { isWholeLine: true, className: 'error-line' } }]);
    }
  }

  findings(marks: readonly CodeMark[]): void {
    const { Error: denied, Info: advice } = monaco.MarkerSeverity;
    for (const [path, { model }] of this.files) {
      const mine = marks.filter((mark) => mark.path === path);
      const markers = mine.map((mark) => ({
        startLineNumber: mark.line,
        startColumn: mark.column,
        endLineNumber: mark.endLine,
        endColumn: mark.endColumn,
        severity: mark.denied ? denied : advice,
        message: mark.message,
      }));
      monaco.editor.setModelMarkers(model, FINDINGS, markers);
    }
  }

  trace(trace: Trace | null): void {
    const { place = null, done = null } = trace ?? {};
    this.traceMarks.set([
      ...this.traceMark(samePlace(place, done) ? null : done, 'step-done'),
      ...this.traceMark(place, 'step-next'),
    ]);
    if (place && place.path === this.current && place.line <= this.lineCount()) {
      this.editor.revealLineInCenterIfOutsideViewport(place.line, IMMEDIATE);
    }
  }

  dispose(): void {
    for (const path of [...this.files.keys()]) this.close(path);
    this.editor.dispose();
  }

  private traceMark(place: Place | null, className: string) {
    if (!place || place.path !== this.current || place.line > this.lineCount()) return [];
    const range = new monaco.Range(place.line, 1, place.line, 1);
    const gutter = `${className}-gutter`;
    return [
      { range, options: { isWholeLine: true, className, firstLineDecorationClassName: gutter } },
    ];
  }

  private lineCount(): number {
    return this.editor.getModel()?.getLineCount() ?? 0;
  }

  /** Monaco's own switch says nothing to the page, so the mode is kept here. */
  private toggleTab(): void {
    this.tabMovesFocus = !this.tabMovesFocus;
    this.editor.updateOptions({ tabFocusMode: this.tabMovesFocus });
    this.events.tabMovesFocus(this.tabMovesFocus);
  }

  private open(file: EditorFile): Open {
    const model = monaco.editor.createModel(file.text, languageOf(file.path));
    model.setEOL(monaco.editor.EndOfLineSequence.LF);
    model.updateOptions({ tabSize: this.tabSize, insertSpaces: true });
    model.onDidChangeContent(() => this.events.typed(file.path, model.getValue()));
    return { model, readOnly: file.readOnly, view: null, waiting: null };
  }

  private close(path: string): void {
    const open = this.files.get(path);
    this.files.delete(path);
    if (path === this.current) {
      this.current = null;
      this.editor.setModel(null);
    }
    open?.model.dispose();
  }

  private put(open: Open, text: string): void {
    if (open.model.getValue() === text) return;
    if (this.composing && open.model === this.editor.getModel()) {
      open.waiting = text;
      return;
    }
    open.model.pushStackElement();
    open.model.pushEditOperations(
      [],
      [{ range: open.model.getFullModelRange(), text }],
      () => null,
    );
    open.model.pushStackElement();
  }

  private composed(): void {
    this.composing = false;
    for (const open of this.files.values()) {
      const { waiting } = open;
      open.waiting = null;
      if (waiting !== null) this.put(open, waiting);
    }
  }
}

/** The failed expression, or the line where only that is known. */
function markRange({ line, range }: ErrorMark, model: Model): monaco.Range {
  const exact =
    range &&
    model.validateRange(new monaco.Range(line, range.column, range.endLine, range.endColumn));
  if (exact && !exact.isEmpty()) return exact;
  const first = model.getLineFirstNonWhitespaceColumn(line) || 1;
  return new monaco.Range(line, first, line, model.getLineMaxColumn(line));
}

export function createDiff(host: HTMLElement, look: EditorLook): DiffPort {
  const editor = monaco.editor.createDiffEditor(host, {
    ...editorOptions(look),
    theme: followPageTheme(),
    readOnly: true,
    originalEditable: false,
    renderSideBySide: true,
    useInlineViewWhenSpaceIsLimited: true,
    renderSideBySideInlineBreakpoint: 640,
    hideUnchangedRegions: { enabled: true },
    renderOverviewRuler: false,
  });
  const drop = () => {
    const models = editor.getModel();
    editor.setModel(null);
    models?.original.dispose();
    models?.modified.dispose();
  };
  return {
    show(path, before, after) {
      drop();
      const language = languageOf(path);
      editor.setModel({
        original: monaco.editor.createModel(before, language),
        modified: monaco.editor.createModel(after, language),
      });
    },
    look: (next) => editor.updateOptions(editorOptions(next)),
    dispose() {
      drop();
      editor.dispose();
    },
  };
}
