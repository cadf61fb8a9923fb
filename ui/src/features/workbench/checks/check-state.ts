// One round of checks as the window sees it: the same rules as a run (see run/run-state.ts).

import type { ApiError } from '../../../bindings/ApiError';
import type { CheckEvent } from '../../../bindings/CheckEvent';
import type { CheckReport } from '../../../bindings/CheckReport';
import type { CheckResult } from '../../../bindings/CheckResult';
import type { CodeFinding } from '../../../bindings/CodeFinding';

export interface CheckState {
  readonly id: string | null;
  readonly phase: 'idle' | 'running' | 'ended';
  readonly startedAt: number;
  readonly stopping: boolean;
  /** In the order they came, which is the lesson's. */
  readonly results: readonly CheckResult[];
  /** What the lesson does not let run; no check ran. */
  readonly denied: readonly CodeFinding[];
  readonly report: CheckReport | null;
  readonly error: ApiError | null;
}

export const IDLE: CheckState = {
  id: null,
  phase: 'idle',
  startedAt: 0,
  stopping: false,
  results: [],
  denied: [],
  report: null,
  error: null,
};

export function begin(id: string, now: number): CheckState {
  return { ...IDLE, id, phase: 'running', startedAt: now };
}

export function step(state: CheckState, id: string, event: CheckEvent): CheckState {
  if (state.id !== id || state.phase !== 'running') return state;
  switch (event.type) {
    case 'started':
      return state;
    case 'checked':
      return { ...state, results: [...state.results, event.result] };
    case 'denied':
      return { ...state, denied: event.findings };
    case 'finished': {
      const { report } = event;
      return { ...state, phase: 'ended', stopping: false, results: report.results, report };
    }
    case 'failed':
      return { ...state, phase: 'ended', stopping: false, error: event.error };
  }
}

export function stopping(state: CheckState): CheckState {
  return state.phase === 'running' ? { ...state, stopping: true } : state;
}

export function passedCount(state: CheckState): number {
  return state.results.filter((result) => result.status === 'pass').length;
}

/** The check to open: the first that did not pass. */
export function firstProblem(state: CheckState): CheckResult | null {
  return state.results.find((result) => result.status !== 'pass') ?? null;
}
