// A fork as the learner makes it: from a step of a run, by keyboard, to a run that lies beside the old one.

import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { RunEvent } from '../../../bindings/RunEvent';
import { seriousFindings } from '../../../testing/axe';
import { createFakePlatform } from '../../../testing/fake-platform';
import { fakeReAct, fakeSpan } from '../../../testing/fake-trace';
import { openBench, report } from '../testing/bench';

vi.mock('../editor/load', () => ({ loadEditor: () => import('../testing/textarea-editor') }));

const END = { type: 'finished', report: { ...report(), traced: true } } as const;

/** The first turn, and a second question that tells the model of the tool. */
function spans() {
  const told = { messages: [{ role: 'user', content: 'Observation: rain' }] };
  const second = { kind: 'model', name: 'deepseek-chat', input: JSON.stringify(told) } as const;
  return [...fakeReAct(), fakeSpan('5', { ...second, output: '{"content":"Take one."}' })];
}

function events(): RunEvent[] {
  return spans().map((span) => ({ type: 'traced', span }));
}

async function openTrace() {
  const trace = { mode: 'scripted', spans: spans(), leftOut: 0, calls: 2, callLimit: 20 } as const;
  const older = { ...trace, spans: [...trace.spans], startedAt: 1, forkedFrom: null };
  const traces: Record<string, typeof older> = {};
  const page = await openBench(createFakePlatform({ traces }));
  await page.user.click(screen.getByRole('button', { name: 'Run' }));
  const run = page.platform.runs[0];
  if (!run) throw new Error('nothing runs');
  traces[run.start.runId] = older;
  act(() => run.emit(...events(), END));
  await page.user.click(screen.getByRole('tab', { name: /^Trace/ }));
  return { ...page, run, table: screen.getByRole('table', { name: /Steps/ }) };
}

test('a tool is given another result by keyboard, and both runs lie side by side', async () => {
  const { user, platform, run, table } = await openTrace();
  await user.click(within(table).getByRole('button', { name: /Tool weather/ }));
  screen.getByRole('button', { name: 'Fork here…' }).focus();
  await user.keyboard('{Enter}');
  const text = screen.getByRole('textbox', { name: 'The observation' });
  expect(text).toHaveFocus();
  expect(text).toHaveValue('rain');
  expect(screen.getByRole('button', { name: 'Run from here' })).toBeDisabled();
  expect(await seriousFindings()).toEqual([]);
  await user.clear(text);
  await user.type(text, 'sun');
  await user.tab();
  await user.keyboard('{Enter}');
  const forked = platform.runs[1];
  expect(forked?.start.fork).toEqual({
    run: run.start.runId,
    span: '4',
    change: { kind: 'observation' },
    text: 'sun',
  });
  act(() => forked?.emit(...events(), END));
  expect(screen.getByText(/the tool says what you wrote/)).toBeVisible();
  expect(screen.getByRole('region', { name: 'What the agents did' })).toHaveFocus();
  expect(screen.getByRole('img', { name: 'forks here' })).toBeVisible();
  await user.click(screen.getByRole('button', { name: /Compare with the run before/ }));
  expect(await screen.findByRole('region', { name: /side by side/ })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Show this run alone' }));
  expect(screen.getByRole('table', { name: /Steps/ })).toBeVisible();
});

test('of a call of the model the reply or a message can be another one', async () => {
  const { user, platform, table } = await openTrace();
  const [first] = within(table).getAllByRole('button', { name: /Model deepseek-chat/ });
  await user.click(first as HTMLElement);
  await user.click(screen.getByRole('button', { name: 'Fork here…' }));
  expect(screen.getByRole('textbox', { name: /reply/ })).toHaveValue(
    'Thought: I look it up.\nAction: weather[Oslo]',
  );
  await user.selectOptions(screen.getByRole('combobox', { name: 'What changes' }), [
    'Message 1 (User)',
  ]);
  const text = screen.getByRole('textbox', { name: /Message 1/ });
  expect(text).toHaveValue('Rain in Oslo?');
  await user.clear(text);
  await user.type(text, 'Sun?');
  await user.click(screen.getByRole('button', { name: 'Run from here' }));
  expect(platform.runs[1]?.start.fork?.change).toEqual({ kind: 'prompt', message: 0 });
});

test('Escape leaves the form, runs nothing and goes back to the button', async () => {
  const { user, platform, table } = await openTrace();
  await user.click(within(table).getByRole('button', { name: /Tool weather/ }));
  await user.click(screen.getByRole('button', { name: 'Fork here…' }));
  await user.type(screen.getByRole('textbox', { name: 'The observation' }), '!{Escape}');
  expect(screen.getByRole('button', { name: 'Fork here…' })).toHaveFocus();
  expect(platform.runs).toHaveLength(1);
});

test('code that changed is warned of, and a step without a way on has no fork', async () => {
  const { user, table, editor } = await openTrace();
  await user.type(editor, '#');
  await user.click(within(table).getByRole('button', { name: /Tool weather/ }));
  await user.click(screen.getByRole('button', { name: 'Fork here…' }));
  expect(screen.getByText(/The code has changed since this run/)).toBeVisible();
  await user.click(within(table).getByRole('button', { name: /Step turn 1/ }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Fork here…' })).toBeNull());
});

test('a fork that is refused says why where it was asked for', async () => {
  const { user, platform, table } = await openTrace();
  platform.failNext('runStart', 'cannot_fork');
  await user.click(within(table).getByRole('button', { name: /Tool weather/ }));
  await user.click(screen.getByRole('button', { name: 'Fork here…' }));
  await user.type(screen.getByRole('textbox', { name: 'The observation' }), '!');
  await user.click(screen.getByRole('button', { name: 'Run from here' }));
  expect((await screen.findAllByText(/cannot fork at this step/))[0]).toBeVisible();
});
