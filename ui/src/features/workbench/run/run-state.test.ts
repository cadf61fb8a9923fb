// Event tables of a run: what comes, what the window then believes.

import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../bindings/RunEvent';
import type { RunReport } from '../../../bindings/RunReport';
import { begin, IDLE, type RunState, step, stopping } from './run-state';

const report: RunReport = {
  outcome: { kind: 'exited', code: 0 },
  durationMs: 2,
  engine: 'wasm',
  timeoutS: 30,
  outputCap: 1048576,
  note: null,
  kept: true,
  traced: false,
};
const finished: RunEvent = { type: 'finished', report };
const failed: RunEvent = {
  type: 'failed',
  error: { code: 'engine_lost', message: 'gone', requestId: 'r' },
};
const started: RunEvent = { type: 'started', engine: 'wasm' };
const out: RunEvent = { type: 'stdout', text: 'hi\n' };

function check(events: RunEvent[], expected: Partial<RunState>, id = 'now') {
  const state = events.reduce((at, event) => step(at, id, event), begin('now', 5));
  expect(state).toMatchObject(expected);
  return state;
}

describe('a run', () => {
  it('goes from the start to a clean end', () => {
    check([], { phase: 'starting', startedAt: 5 });
    check([{ type: 'preparing' }], { phase: 'preparing' });
    check([{ type: 'preparing' }, started], { phase: 'running' });
    check([started, out], { phase: 'running', received: 3 });
    check([started, out, finished], {
      phase: 'ended',
      end: { kind: 'finished', report },
      waiting: false,
    });
  });

  it('waits for a line until the end', () => {
    check([started, { type: 'needsInput' }], { waiting: true });
    check([started, { type: 'needsInput' }, finished], { waiting: false });
  });

  it('drops events of another run', () => {
    check([started, out, finished], { phase: 'starting', received: 0 }, 'before');
  });

  it('takes exactly one terminal event', () => {
    check([started, finished, failed], { end: { kind: 'finished', report } });
    check([started, failed, finished], { end: { kind: 'failed', error: failed.error } });
    check([finished, out], { received: 0 });
  });

  it('answers the same state for what it drops', () => {
    const ended = check([finished], {});
    expect(step(ended, 'now', out)).toBe(ended);
    expect(step(IDLE, 'now', out)).toBe(IDLE);
  });

  it('remembers that a stop was asked until the program is dead', () => {
    const asked = stopping(begin('now', 0));
    expect(asked).toMatchObject({ stopping: true, phase: 'starting' });
    expect(step(asked, 'now', finished).stopping).toBe(false);
  });
});
