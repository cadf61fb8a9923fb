// Event tables of a round of checks.

import { describe, expect, it } from 'vitest';
import type { CheckEvent } from '../../../bindings/CheckEvent';
import { checkReport, result } from '../testing/bench';
import { begin, type CheckState, firstProblem, passedCount, step } from './check-state';

const good = result({ id: 'a' });
const bad = result({ id: 'b', status: 'fail' });
const finished: CheckEvent = { type: 'finished', report: checkReport([good, bad]) };
const failed: CheckEvent = {
  type: 'failed',
  error: { code: 'engine_lost', message: 'gone', requestId: 'r' },
};

function check(events: CheckEvent[], expected: Partial<CheckState>, id = 'now') {
  const state = events.reduce((at, event) => step(at, id, event), begin('now', 0));
  expect(state).toMatchObject(expected);
  return state;
}

describe('a round of checks', () => {
  it('streams results and ends with the report', () => {
    check([{ type: 'started', total: 2 }], { phase: 'running', results: [] });
    check([{ type: 'checked', result: good }], { phase: 'running', results: [good] });
    const state = check([{ type: 'checked', result: good }, finished], { phase: 'ended' });
    expect(state.results).toEqual([good, bad]);
    expect(passedCount(state)).toBe(1);
    expect(firstProblem(state)).toEqual(bad);
  });

  it('keeps what came before a failure of the machine', () => {
    check([{ type: 'checked', result: good }, failed], { phase: 'ended', results: [good] });
  });

  it('drops events of another round and everything after the end', () => {
    check([{ type: 'checked', result: good }, finished], { results: [] }, 'before');
    check([finished, failed], { error: null });
    check([failed, finished], { report: null });
  });
});
