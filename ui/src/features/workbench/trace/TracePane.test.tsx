// The trace of a run as the learner sees it: rows while it goes, a step from close by, the way back to
// the code.

import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { WebState } from '../../../bindings/WebState';
import { seriousFindings } from '../../../testing/axe';
import { fakeReAct, fakeSpan } from '../../../testing/fake-trace';
import { openBench, report } from '../testing/bench';

vi.mock('../editor/load', () => ({ loadEditor: () => import('../testing/textarea-editor') }));

async function openTrace() {
  const page = await openBench();
  await page.user.click(screen.getByRole('button', { name: 'Run' }));
  const steps = fakeReAct().map((span) => ({ type: 'traced', span }) as const);
  const end = { type: 'finished', report: { ...report(), traced: true } } as const;
  const agents = { type: 'agents', mode: 'scripted', callLimit: 20 } as const;
  act(() => page.platform.runs[0]?.emit(agents, ...steps, end));
  await page.user.click(screen.getByRole('tab', { name: /^Trace/ }));
  return { ...page, table: screen.getByRole('table', { name: /Steps/ }) };
}

test('before a run the pane says what it is for', async () => {
  const { user } = await openBench();
  await user.click(screen.getByRole('tab', { name: /^Trace/ }));
  expect(screen.getByText(/see it think/)).toBeVisible();
});

test('what the learner allowed is shown as it is now, whoever changed it', async () => {
  const { user, platform } = await openBench();
  const web = (state: WebState) => ({ hosts: ['api.example.com'], state });
  platform.rights.web = web('asked');
  await user.click(screen.getByRole('tab', { name: /^Trace/ }));
  await user.click(await screen.findByRole('button', { name: 'Allow' }));
  expect(await screen.findByText(/may ask api.example.com/)).toBeVisible();

  // In another lesson of the course, or in a terminal.
  platform.rights.web = web('asked');
  act(() => window.dispatchEvent(new Event('focus')));
  expect(await screen.findByText(/want to ask api.example.com/)).toBeVisible();
  platform.rights.web = web('allowed');
  await user.click(screen.getByRole('button', { name: 'Run' }));
  act(() => platform.runs[0]?.emit({ type: 'finished', report: report() }));
  await user.click(screen.getByRole('tab', { name: /^Trace/ }));
  expect(await screen.findByText(/may ask api.example.com/)).toBeVisible();
  platform.rights.web = null;
  act(() => window.dispatchEvent(new Event('focus')));
  await waitFor(() => expect(screen.queryByText(/api.example.com/)).toBeNull());
});

test('each step is a row, and a click opens raw reply and what was parsed', async () => {
  const { user, table, editor } = await openTrace();
  expect(within(table).getAllByRole('row')).toHaveLength(5);
  expect(screen.getByText(/Scripted · 1 of 20 calls · 43 tokens/)).toBeVisible();
  await user.click(within(table).getByRole('button', { name: /Model deepseek-chat/ }));
  const detail = screen.getByRole('region', { name: /deepseek-chat/ });
  expect(within(detail).getByText(/Thought: I look it up/)).toBeVisible();
  expect(within(detail).getByText(/"argument": "Oslo"/)).toBeVisible();
  expect(within(detail).getByText('Rain in Oslo?')).toBeVisible();
  expect(within(detail).getByText('cassette, line 7')).toBeVisible();
  await user.click(within(detail).getByRole('button', { name: /main.py, line 2/ }));
  expect(editor.dataset.line).toBe('2');
});

test('steps are folded, searched and gone through with the arrows', async () => {
  const { user, table } = await openTrace();
  await user.type(screen.getByRole('searchbox', { name: /Search/ }), 'weather');
  expect(within(table).getAllByRole('row')).toHaveLength(5);
  await user.clear(screen.getByRole('searchbox', { name: /Search/ }));
  await user.click(within(table).getByRole('button', { name: 'Fold turn 1' }));
  expect(within(table).getAllByRole('row')).toHaveLength(2);
  await user.click(within(table).getByRole('button', { name: 'Unfold turn 1' }));
  within(table)
    .getByRole('button', { name: /Step turn 1/ })
    .focus();
  await user.keyboard('{End}');
  expect(screen.getByRole('region', { name: /weather/ })).toBeVisible();
});

test('whatever a cassette says is text', async () => {
  const { user, platform } = await openBench();
  await user.click(screen.getByRole('button', { name: 'Run' }));
  const html = '<img src=x onerror=alert(1)><b>bold</b>';
  const span = fakeSpan('1', {
    kind: 'model',
    name: html,
    input: JSON.stringify({ messages: [{ role: html, content: html }] }),
    output: JSON.stringify({ role: html, content: html }),
    finishReason: html,
    attributes: { [html]: html },
  });
  act(() => platform.runs[0]?.emit({ type: 'traced', span }));
  await user.click(screen.getByRole('tab', { name: /^Trace/ }));
  const table = screen.getByRole('table', { name: /Steps/ });
  await user.click(within(table).getByRole('button', { name: /onerror/ }));
  const detail = screen.getByRole('region', { name: /onerror/ });
  expect(within(detail).getAllByText(html).length).toBeGreaterThan(1);
  for (const element of [table, detail]) {
    expect(element.querySelector('img, b')).toBeNull();
  }
});

test('the trace is saved as a file, and nobody is kept out', async () => {
  const { user } = await openTrace();
  await user.click(screen.getByRole('button', { name: /Save the trace/ }));
  expect((await screen.findAllByText(/Downloads/))[0]).toBeVisible();
  expect(await seriousFindings()).toEqual([]);
});
