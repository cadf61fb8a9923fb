// What a learner sees of the code check: marks while typing, and a program that does not start.

import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { CodeCheck } from '../../bindings/CodeCheck';
import type { CodeFinding } from '../../bindings/CodeFinding';
import { createFakePlatform, fakeError } from '../../testing/fake-platform';
import { checkReport, openBench, report } from './testing/bench';

vi.mock('./editor/load', () => ({ loadEditor: () => import('./testing/textarea-editor') }));

/** The pause after the last key and room for a busy machine. */
const SOON = { timeout: 5000 };

function finding(change: Partial<CodeFinding> = {}): CodeFinding {
  return {
    path: 'main.py',
    line: 2,
    column: 5,
    endLine: 2,
    endColumn: 9,
    rule: 'eval',
    name: 'eval',
    action: 'advise',
    message: null,
    ...change,
  };
}

const DENIED = finding({
  action: 'deny',
  message: { zh: '模型的话只是文字。', en: 'What a model says is only text.' },
});

function evalIn({ files }: CodeCheck): CodeFinding[] {
  return files.some(({ text }) => text.includes('eval(')) ? [finding()] : [];
}

it('marks what the code is about to use, a moment after the last key', async () => {
  const { user, editor } = await openBench(createFakePlatform({ onCode: evalIn }));
  await user.type(editor, 'eval(');
  const marks = screen.getByTestId('findings');
  expect(marks).toHaveTextContent('');
  await waitFor(
    () => expect(marks).toHaveTextContent(/^main\.py:2:5 advice eval: eval runs what/),
    SOON,
  );
  await user.clear(editor);
  await waitFor(() => expect(marks).toHaveTextContent(''), SOON);
});

it('asks once for a burst of keys', async () => {
  const onCode = vi.fn(evalIn);
  const { user, editor } = await openBench(createFakePlatform({ onCode }));
  await user.type(editor, 'eval(1) # and more');
  await waitFor(() => expect(screen.getByTestId('findings')).toHaveTextContent(/eval/), SOON);
  expect(onCode.mock.calls.length).toBeLessThanOrEqual(2);
});

it('says nothing when the question cannot be answered, and asks again', async () => {
  const onCode = vi.fn(evalIn).mockImplementationOnce(() => {
    throw fakeError('course_not_found');
  });
  const { user, editor } = await openBench(createFakePlatform({ onCode }));
  await waitFor(() => expect(onCode).toHaveBeenCalledOnce(), SOON);
  await user.type(editor, 'eval(');
  await waitFor(() => expect(screen.getByTestId('findings')).toHaveTextContent(/eval/), SOON);
  expect(screen.queryByRole('alert')).toBeNull();
});

it('says why a program did not start, with the way to the line', async () => {
  const { user, platform, editor } = await openBench();
  await user.click(screen.getByRole('button', { name: 'Run' }));
  const findings = [DENIED, finding({ action: 'deny', line: 4 }), { ...DENIED, column: 20 }];
  act(() =>
    platform.runs[0]?.emit(
      { type: 'denied', findings },
      { type: 'finished', report: { ...report({ kind: 'refused' }), durationMs: 0 } },
    ),
  );
  const said = 'Not started: this lesson does without eval.';
  expect(screen.getByTestId('announcer')).toHaveTextContent(said);
  const panel = screen.getByRole('tabpanel', { name: /Output/ });
  expect(panel).toHaveTextContent(said);
  expect(panel).toHaveTextContent('What a model says is only text.');
  expect(panel).not.toHaveTextContent('printed nothing');
  expect(panel).not.toHaveTextContent('ms');
  expect(within(panel).getAllByRole('button', { name: /^main\.py, line/ })).toHaveLength(2);
  await user.click(within(panel).getByRole('button', { name: 'main.py, line 2' }));
  expect(editor.dataset.line).toBe('2');
});

it('says why checks did not look', async () => {
  const { user, platform } = await openBench();
  await user.click(screen.getByRole('button', { name: 'Check' }));
  act(() =>
    platform.checks[0]?.emit(
      { type: 'denied', findings: [finding({ action: 'deny' })] },
      { type: 'finished', report: { ...checkReport([]), passed: false, state: 'started' } },
    ),
  );
  const said = 'Not started: this lesson does without eval.';
  expect(screen.getByTestId('announcer')).toHaveTextContent(said);
  const panel = screen.getByRole('tabpanel', { name: /Checks/ });
  expect(panel).toHaveTextContent(said);
  expect(panel).not.toHaveTextContent(/\d of \d/);
});
