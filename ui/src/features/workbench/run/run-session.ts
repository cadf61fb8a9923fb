// The runs of one lesson, one at a time: makes the id, subscribes, feeds the pure step and the
// lines, and tells the page. Knows nothing of React.

import type { FileText } from '../../../bindings/FileText';
import type { ForkAt } from '../../../bindings/ForkAt';
import type { Inspect } from '../../../bindings/Inspect';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { RunEvent } from '../../../bindings/RunEvent';
import type { RunStart } from '../../../bindings/RunStart';
import { toApiError } from '../../../lib/api-error';
import type { Platform } from '../../../platform/platform';
import { Transcript } from '../inspect/transcript';
import { LineModel } from '../output/line-model';
import { TraceLog } from '../trace/trace-log';
import { LiveState } from './live-state';
import { answered, begin, IDLE, isActive, type RunState, step, stopping } from './run-state';

export interface RunView {
  readonly run: RunState;
  readonly output: LineModel;
  /** Of the output when this was published. */
  readonly version: number;
  /** What was run, to know when the output is stale. */
  readonly files: readonly FileText[];
  /** What was asked to be seen of its inside. */
  readonly inspect: Inspect;
  /** Of a run that records its steps. */
  readonly transcript: Transcript | null;
  /** What its agents did. */
  readonly trace: TraceLog;
  /** Where it goes another way than an older run. */
  readonly fork: ForkAt | null;
  /** Nobody asked for this run, so nobody is told of its end. */
  readonly quiet: boolean;
}

/** What a run meets that is not in its files. */
export type Circumstances = Pick<RunStart, 'before' | 'faults' | 'fork'>;

export const USUAL: Circumstances = { before: [], faults: [], fork: null };

/** How long a stopped run may take to say that it is dead before we give it up. */
export const STOP_GRACE_MS = 10_000;

export class RunSession {
  readonly live: LiveState<RunView>;
  private run: RunState = IDLE;
  private output = new LineModel();
  private files: readonly FileText[] = [];
  private inspect: Inspect = 'variables';
  private transcript: Transcript | null = null;
  private trace = new TraceLog();
  private fork: ForkAt | null = null;
  private quiet = false;
  private drawn = false;
  /** Lines that were pasted at once and wait for their questions. */
  private ahead: string[] = [];
  private giveUp: ReturnType<typeof setTimeout> | undefined;
  private readonly platform: Platform;
  private readonly lesson: LessonRef;
  private readonly keep: boolean;

  /** `keep`: whether its runs are for the history. */
  constructor(platform: Platform, lesson: LessonRef, keep = true) {
    this.platform = platform;
    this.lesson = lesson;
    this.keep = keep;
    this.live = new LiveState(this.view());
  }

  start(
    runId: string,
    files: FileText[],
    inspect: Inspect = 'variables',
    circumstances: Circumstances = USUAL,
  ): void {
    this.run = begin(runId, performance.now());
    this.output = new LineModel();
    this.files = files;
    this.inspect = inspect;
    this.transcript = inspect === 'steps' ? new Transcript() : null;
    this.trace = new TraceLog();
    this.fork = circumstances.fork;
    this.quiet = false;
    this.drawn = false;
    this.ahead = [];
    this.live.set(this.view());
    this.platform
      .runStart(
        { runId, lesson: this.lesson, files, inspect, keep: this.keep, ...circumstances },
        (events) => this.receive(runId, events),
      )
      .catch((thrown: unknown) => this.fail(runId, thrown));
  }

  /** Takes over a run that came to its end elsewhere, without being asked for. */
  show(run: RunState, output: LineModel, files: readonly FileText[]): void {
    this.run = run;
    this.output = output;
    this.files = files;
    this.inspect = 'variables';
    this.transcript = null;
    this.trace = new TraceLog();
    this.fork = null;
    this.quiet = true;
    this.live.set(this.view());
  }

  /** Answers the program; of several lines each further one answers a further question. */
  input(text: string): void {
    if (!this.run.waiting) return;
    const [line = '', ...rest] = text.split(/\r?\n/);
    this.ahead.push(...rest);
    this.answer(line, (id) => this.platform.runInput(id, line));
  }

  endInput(): void {
    this.answer('', (id) => this.platform.runEndInput(id));
  }

  stop(): void {
    const { id } = this.run;
    if (id === null || !isActive(this.run) || this.run.stopping) return;
    this.run = stopping(this.run);
    this.live.set(this.view());
    this.platform.runCancel(id).catch((thrown: unknown) => this.fail(id, thrown));
    this.giveUp = setTimeout(
      () => this.fail(id, { code: 'engine_lost', message: 'no end after a stop', requestId: '' }),
      STOP_GRACE_MS,
    );
  }

  private answer(echo: string, send: (id: string) => Promise<void>): void {
    const { id, waiting } = this.run;
    if (id === null || !waiting) return;
    this.run = answered(this.run);
    this.output.append('stdin', echo);
    this.transcript?.append('stdin', echo);
    this.live.set(this.view());
    send(id).catch((thrown: unknown) => {
      // The program may have ended between the prompt and the answer; its own end says so.
      if (toApiError(thrown).code !== 'run_not_found') this.fail(id, thrown);
    });
  }

  private fail(id: string, thrown: unknown): void {
    const { code, message, requestId } = toApiError(thrown);
    this.receive(id, [{ type: 'failed', error: { code, message, requestId } }]);
  }

  private receive(id: string, events: readonly RunEvent[]): void {
    const before = this.run;
    for (const event of events) {
      const next = step(this.run, id, event);
      if (next === this.run) continue;
      this.run = next;
      this.output.take(event);
      this.transcript?.take(event);
      this.trace.take(event);
    }
    if (this.run === before) return;
    if (this.run.phase === 'ended') {
      clearTimeout(this.giveUp);
      this.output.end();
    }
    const next = this.run.waiting ? this.ahead.shift() : undefined;
    if (next !== undefined) this.input(next);
    else this.publish(this.run.phase !== before.phase || this.run.waiting);
  }

  /** The first output, a prompt and the end are drawn at once; floods once per frame. */
  private publish(urgent: boolean): void {
    const first = !this.drawn && this.run.received > 0;
    this.drawn ||= first;
    if (urgent || first) this.live.set(this.view());
    else this.live.soon(() => this.view());
  }

  private view(): RunView {
    const { run, output, files, inspect, transcript, trace, fork, quiet } = this;
    return { run, output, version: output.version, files, inspect, transcript, trace, fork, quiet };
  }
}
