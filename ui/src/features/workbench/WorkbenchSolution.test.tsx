// The author's solution under the checks: when it may be seen, what it says until then, and that it
// stands beside the learner's code without touching it.

import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { LessonSolution } from '../../bindings/LessonSolution';
import { seriousFindings } from '../../testing/axe';
import { createFakePlatform } from '../../testing/fake-platform';
import { checkReport, openBench, result } from './testing/bench';

vi.mock('./editor/load', () => ({ loadEditor: () => import('./testing/textarea-editor') }));

const FILES = [
  { path: 'main.py', text: 'print("umbrella")\n' },
  { path: 'tools.py', text: 'def look():\n    return "rain"\n' },
];
const OPEN: LessonSolution = { state: 'open', passed: false, files: FILES };

async function offered(...answers: LessonSolution[]) {
  let at = 0;
  const platform = createFakePlatform({
    onSolution: () => answers[Math.min(at++, answers.length - 1)] as LessonSolution,
  });
  const bench = await openBench(platform);
  await bench.user.click(screen.getByRole('tab', { name: 'Checks' }));
  const pane = screen.getByRole('tabpanel', { name: /Checks/ });
  await within(pane).findAllByText(/solution/);
  return { ...bench, platform, pane };
}

it('says when it will be open, and opens once a check changed that', async () => {
  const { user, platform } = await offered(
    { state: 'afterFailed', needed: 2, left: 1 },
    { state: 'afterFailed', needed: 2, left: 1 },
    { ...OPEN, passed: true },
  );
  expect(screen.getByText('Opens after 2 failed checks: 1 to go')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Show the solution' })).toBeDisabled();
  await user.click(screen.getByRole('button', { name: 'Check' }));
  const failed = checkReport([result({ status: 'fail' })]);
  act(() => platform.checks[0]?.emit({ type: 'finished', report: failed }));
  const button = screen.getByRole('button', { name: 'Show the solution' });
  await waitFor(() => expect(button).toBeEnabled());
  expect(screen.queryByText(/to go/)).toBeNull();
});

it('asks once who has not passed yet, and the first answer is to try again', async () => {
  const { user } = await offered(OPEN);
  const button = screen.getByRole('button', { name: 'Show the solution' });
  await user.click(button);
  const dialog = await screen.findByRole('dialog', { name: 'You have not passed yet' });
  expect(await seriousFindings()).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('region', { name: /solution/ })).toBeNull();
  await user.click(button);
  await user.click(await screen.findByRole('button', { name: 'Show it' }));
  expect(await screen.findByRole('region', { name: 'The author’s solution' })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Close the solution' }));
  await user.click(button);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.getByRole('region', { name: 'The author’s solution' })).toBeVisible();
});

it('stands beside my code, file by file, can be copied, and leaves my code alone', async () => {
  const { user, platform, editor } = await offered({ ...OPEN, passed: true });
  const mine = editor.value;
  await user.click(screen.getByRole('button', { name: 'Show the solution' }));
  const view = await screen.findByRole('region', { name: 'The author’s solution' });
  await waitFor(() => expect(view).toHaveFocus());
  expect(view).toHaveTextContent('main.py: − is yours, + is the solution');
  expect(await within(view).findByText(/umbrella/)).toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
  await user.click(within(view).getByRole('button', { name: 'Copy' }));
  expect(await navigator.clipboard.readText()).toBe('print("umbrella")\n');
  expect(screen.getByTestId('announcer')).toHaveTextContent('Solution copied');
  await user.selectOptions(within(view).getByRole('combobox', { name: /File/ }), 'tools.py');
  expect(view).toHaveTextContent('tools.py: yours is the same');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('region', { name: 'The author’s solution' })).toBeNull();
  expect(editor).toHaveFocus();
  expect(editor.value).toBe(mine);
  expect(platform.saved).toEqual([]);
});

it('says that an author keeps it, and nothing where there is none', async () => {
  await offered({ state: 'never' });
  expect(screen.getByText('The author does not show the solution of this lesson.')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Show the solution' })).toBeNull();
});

it('says nothing about the solution of a lesson that has none', async () => {
  const { user } = await openBench(createFakePlatform());
  await user.click(screen.getByRole('tab', { name: 'Checks' }));
  await act(async () => {});
  expect(screen.queryByText(/solution/)).toBeNull();
});

it('says what did not count, and does not mark the order where it does not', async () => {
  const { user, platform } = await openBench(createFakePlatform());
  await user.click(screen.getByRole('button', { name: 'Check' }));
  const differs = result({
    kind: 'output',
    status: 'fail',
    expected: 'sun\nrain',
    got: 'rain\nmoon',
    ignored: ['lineEnds', 'case', 'order'],
  });
  act(() => platform.checks[0]?.emit({ type: 'finished', report: checkReport([differs]) }));
  const checks = screen.getByRole('region', { name: 'Checks of this lesson' });
  expect(checks).toHaveTextContent(
    'Not counted here: blanks at line ends, capital letters, and the order of lines.',
  );
  expect([...checks.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual([
    'sun',
    'moon',
  ]);
});
