// Ends that the outcome alone leaves open: a learner is told what it was and what to do.

import { act, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { RunNote } from '../../bindings/RunNote';
import type { RunOutcome } from '../../bindings/RunOutcome';
import { checkReport, openBench, report, result } from './testing/bench';

vi.mock('./editor/load', () => ({ loadEditor: () => import('./testing/textarea-editor') }));

const ERROR: RunOutcome = { kind: 'exited', code: 1 };
const CRASH: RunOutcome = { kind: 'exited', code: 139 };
const FULL: RunOutcome = { kind: 'outputLimit' };

async function ranTo(outcome: RunOutcome, note: RunNote | null, stderr = '') {
  const { user, platform } = await openBench();
  await user.click(screen.getByRole('button', { name: 'Run' }));
  act(() =>
    platform.runs[0]?.emit(
      { type: 'stderr', text: stderr },
      { type: 'finished', report: report(outcome, note) },
    ),
  );
  return screen.getByRole('tabpanel', { name: /Output/ });
}

it.each<[RunOutcome, RunNote | null, RegExp, RegExp]>([
  [ERROR, 'deadlock', /Stuck/, /“with lock:”/],
  [CRASH, 'stackOverflow', /nested too deep/, /calling itself/],
  [CRASH, 'crashed', /Python itself crashed/, /added last/],
  [ERROR, 'tooManyOpenFiles', /too many files open/, /“with open\(…\)”/],
  [FULL, 'reportLimit', /result is too large/, /grows without end/],
  [FULL, null, /last lines are above, 1 MB of it/, /print in a loop/],
])('%j with note %j says what happened and what to do', async (outcome, note, title, action) => {
  const panel = await ranTo(outcome, note);
  expect(screen.getByTestId('announcer')).toHaveTextContent(title);
  expect(panel).toHaveTextContent(title);
  expect(panel).toHaveTextContent(action);
});

it('does not take an older traceback for the reason', async () => {
  const trace = 'Traceback (most recent call last):\n  File "main.py", line 2\nKeyError: 1\n';
  const panel = await ranTo(ERROR, 'deadlock', trace);
  expect(panel).toHaveTextContent('Stuck: it would have waited forever');
  expect(screen.getByTestId('mark')).toBeEmptyDOMElement();
});

it('explains a deadlock under a check', async () => {
  const { user, platform } = await openBench();
  await user.click(screen.getByRole('button', { name: 'Check' }));
  const stuck = result({ status: 'error', outcome: ERROR, note: 'deadlock' });
  act(() => platform.checks[0]?.emit({ type: 'finished', report: checkReport([stuck]) }));
  expect(screen.getByText(/it would have waited forever/)).toBeVisible();
  expect(screen.queryByText('The program ended with an error during this check.')).toBeNull();
});

it('says under a check that it was the report, not the output', async () => {
  const { user, platform } = await openBench();
  await user.click(screen.getByRole('button', { name: 'Check' }));
  const full = result({ status: 'error', outcome: FULL, note: 'reportLimit' });
  act(() => platform.checks[0]?.emit({ type: 'finished', report: checkReport([full]) }));
  expect(screen.getByText(/result is too large/)).toBeVisible();
  expect(screen.queryByText(/printed far too much/)).toBeNull();
});
