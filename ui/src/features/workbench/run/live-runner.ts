// Live mode: the output follows the typing. A little after the last key the program runs by itself;
// the next key ends that run. It is quiet: its output takes the place of the last one only when the
// program came to its end, and what does not run yet leaves the last one standing, with a note.

import type { FileText } from '../../../bindings/FileText';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { RunEvent } from '../../../bindings/RunEvent';
import { toApiError } from '../../../lib/api-error';
import type { Platform } from '../../../platform/platform';
import { LineModel, lineText } from '../output/line-model';
import { LiveState } from './live-state';
import { type RunSession, USUAL } from './run-session';
import { begin, endedItself, IDLE, isActive, type RunState, step } from './run-state';

/** After the last key. */
export const QUIET_MS = 150;
/** Nobody waits for a run that was not asked for. */
export const LIMIT_MS = 2000;

/** Why the output is not the one of the code as it is. */
export type LiveNote =
  | { readonly kind: 'asks' }
  | { readonly kind: 'slow' }
  /** `message` is what Python says last; empty when it says nothing. */
  | { readonly kind: 'broken'; readonly message: string };

/** By the ending of a file: what asks somebody. */
const INPUT: Readonly<Record<string, RegExp>> = {
  py: /(?<![\w.])input\s*\(/,
  js: /process\.stdin|readline|readFileSync\(\s*0/,
  go: /os\.Stdin|fmt\.(F|S)?[Ss]can/,
};

/** Whether a program may run without being asked for: never one that talks to somebody. */
export function mayRunLive(files: readonly FileText[]): boolean {
  const ending = (path: string) => path.slice(path.lastIndexOf('.') + 1);
  return !files.some(({ path, text }) => INPUT[ending(path)]?.test(text));
}

export class LiveRunner {
  readonly note = new LiveState<LiveNote | null>(null);
  private run: RunState = IDLE;
  private output = new LineModel();
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private limit: ReturnType<typeof setTimeout> | undefined;
  private readonly platform: Platform;
  private readonly lesson: LessonRef;
  private readonly session: RunSession;
  private readonly files: () => FileText[];

  constructor(platform: Platform, lesson: LessonRef, session: RunSession, files: () => FileText[]) {
    this.platform = platform;
    this.lesson = lesson;
    this.session = session;
    this.files = files;
  }

  /** The code is another one now. */
  changed(): void {
    this.stop();
    this.quiet = setTimeout(() => this.start(), QUIET_MS);
  }

  /** Ends what goes on and starts nothing more by itself. */
  stop(): void {
    clearTimeout(this.quiet);
    clearTimeout(this.limit);
    const { id } = this.run;
    const active = isActive(this.run);
    this.run = IDLE;
    // A run that is over already is as good as a stopped one.
    if (id !== null && active) this.platform.runCancel(id).catch(() => undefined);
  }

  /** Live mode is off, or somebody runs the program: nothing is said of it any more. */
  end(): void {
    this.stop();
    this.note.set(null);
  }

  private start(): void {
    const shown = this.session.live.get();
    // A run that was asked for is never disturbed.
    if (isActive(shown.run)) return;
    const files = this.files();
    if (shown.run.end && JSON.stringify(shown.files) === JSON.stringify(files)) {
      this.note.set(null);
      return;
    }
    if (!mayRunLive(files)) {
      this.note.set({ kind: 'asks' });
      return;
    }
    const id = crypto.randomUUID();
    this.run = begin(id, performance.now());
    this.output = new LineModel();
    this.platform
      .runStart(
        { runId: id, lesson: this.lesson, files, inspect: 'variables', keep: false, ...USUAL },
        (events) => this.receive(id, events, files),
      )
      .catch((thrown: unknown) => {
        const { code, message, requestId } = toApiError(thrown);
        this.receive(id, [{ type: 'failed', error: { code, message, requestId } }], files);
      });
  }

  private receive(id: string, events: readonly RunEvent[], files: FileText[]): void {
    const before = this.run;
    for (const event of events) {
      const next = step(this.run, id, event);
      if (next === this.run) continue;
      this.run = next;
      this.output.take(event);
    }
    if (this.run === before) return;
    if (this.run.waiting) this.giveUp({ kind: 'asks' });
    else if (this.run.phase === 'ended') this.finish(files);
    else if (this.run.phase === 'running' && before.phase !== 'running') {
      this.limit = setTimeout(() => this.giveUp({ kind: 'slow' }), LIMIT_MS);
    }
  }

  private giveUp(note: LiveNote): void {
    this.stop();
    this.note.set(note);
  }

  private finish(files: FileText[]): void {
    clearTimeout(this.limit);
    this.output.end();
    const { run, output } = this;
    if (!isFine(run)) {
      this.note.set({ kind: 'broken', message: lastLine(run, output) });
    } else if (!isActive(this.session.live.get().run)) {
      this.session.show(run, output, files);
      this.note.set(null);
    }
  }
}

function isFine(run: RunState): boolean {
  if (!endedItself(run) || run.end?.kind !== 'finished') return false;
  const { outcome } = run.end.report;
  return outcome.kind === 'exited' && outcome.code === 0;
}

function lastLine(run: RunState, output: LineModel): string {
  if (!endedItself(run)) return '';
  for (let at = output.count - 1; at >= 0; at -= 1) {
    const line = output.line(at);
    const text = lineText(line).trim();
    if (text) return line.spans.some(({ stream }) => stream === 'stderr') ? text : '';
  }
  return '';
}
