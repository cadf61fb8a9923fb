// One run as the window sees it. A pure step per event; an event of another run, or after the
// terminal one, changes nothing and answers the very same state. The text of the output lives
// beside it (output/line-model.ts); `received` tells that there is more of it.

import type { ApiError } from '../../../bindings/ApiError';
import type { CodeFinding } from '../../../bindings/CodeFinding';
import type { Inspection } from '../../../bindings/Inspection';
import type { ModelMode } from '../../../bindings/ModelMode';
import type { RunEvent } from '../../../bindings/RunEvent';
import type { RunReport } from '../../../bindings/RunReport';

export type RunEnd =
  | { readonly kind: 'finished'; readonly report: RunReport }
  | { readonly kind: 'failed'; readonly error: ApiError };

export interface RunState {
  readonly id: string | null;
  readonly phase: 'idle' | 'starting' | 'preparing' | 'running' | 'ended';
  /** Milliseconds of the clock that was passed to `begin`. */
  readonly startedAt: number;
  /** Units of output so far. */
  readonly received: number;
  /** The program waits for a line. */
  readonly waiting: boolean;
  /** How often it has asked for one. */
  readonly prompts: number;
  /** Stop was asked; the program may still be dying. */
  readonly stopping: boolean;
  /** Words on the steps of agents so far. */
  readonly traced: number;
  /** Who answers for the model, and how often; comes before the first step of agents. */
  readonly agents: { readonly mode: ModelMode; readonly callLimit: number } | null;
  /** The inside of the program; comes right before its end. */
  readonly inspection: Inspection | null;
  /** What the lesson does not let run; the program did not start. */
  readonly denied: readonly CodeFinding[];
  readonly end: RunEnd | null;
}

export const IDLE: RunState = {
  id: null,
  phase: 'idle',
  startedAt: 0,
  received: 0,
  waiting: false,
  prompts: 0,
  stopping: false,
  traced: 0,
  agents: null,
  inspection: null,
  denied: [],
  end: null,
};

export function begin(id: string, now: number): RunState {
  return { ...IDLE, id, phase: 'starting', startedAt: now };
}

export function isActive(state: RunState): boolean {
  return state.phase === 'starting' || state.phase === 'preparing' || state.phase === 'running';
}

/** The program came to its own end, well or not; nobody stopped it and nothing broke. */
export function endedItself({ end }: RunState): boolean {
  return end?.kind === 'finished' && end.report.outcome.kind === 'exited';
}

/** Takes one event of the run `id`. */
export function step(state: RunState, id: string, event: RunEvent): RunState {
  if (state.id !== id || !isActive(state)) return state;
  switch (event.type) {
    case 'preparing':
      return state.phase === 'running' ? state : { ...state, phase: 'preparing' };
    case 'started':
      return { ...state, phase: 'running' };
    case 'stdout':
    case 'stderr':
      if (event.text === '') return state;
      return { ...state, phase: 'running', received: state.received + event.text.length };
    case 'leftOut':
      return { ...state, received: state.received + event.bytes };
    case 'needsInput':
      return { ...state, phase: 'running', waiting: true, prompts: state.prompts + 1 };
    case 'agents':
      return { ...state, agents: { mode: event.mode, callLimit: event.callLimit } };
    case 'traced':
      return { ...state, traced: state.traced + 1 };
    case 'inspected':
      return { ...state, inspection: event.inspection };
    case 'denied':
      return { ...state, denied: event.findings };
    case 'finished':
      return ended(state, { kind: 'finished', report: event.report });
    case 'failed':
      return ended(state, { kind: 'failed', error: event.error });
  }
}

/** The learner answered the prompt. */
export function answered(state: RunState): RunState {
  return state.waiting ? { ...state, waiting: false } : state;
}

export function stopping(state: RunState): RunState {
  return isActive(state) ? { ...state, stopping: true, waiting: false } : state;
}

/** The start itself was refused: an end like any other. */
export function refused(state: RunState, id: string, error: ApiError): RunState {
  return step(state, id, { type: 'failed', error });
}

function ended(state: RunState, end: RunEnd): RunState {
  return { ...state, phase: 'ended', waiting: false, stopping: false, end };
}
