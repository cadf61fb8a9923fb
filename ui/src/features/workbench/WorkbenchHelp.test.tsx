// *Explain this error*: where it is offered, what it asks, what it shows, and when it cannot.

import { act, screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { ErrorExplanation } from '../../bindings/ErrorExplanation';
import type { ErrorQuestion } from '../../bindings/ErrorQuestion';
import { seriousFindings } from '../../testing/axe';
import { createFakePlatform } from '../../testing/fake-platform';
import { checkReport, openBench, report, result } from './testing/bench';

vi.mock('./editor/load', () => ({ loadEditor: () => import('./testing/textarea-editor') }));

const TRACE =
  'Traceback (most recent call last):\n  File "main.py", line 2, in decide\n    return wiat\nNameError: name \'wiat\' is not defined\n';

const EXPLANATION: ErrorExplanation = {
  error: "NameError: name 'wiat' is not defined",
  means: '<p>There is nothing called <code>wiat</code>.</p>',
  causes: '<ul><li>The name is misspelt.</li></ul>',
  look: '<p>Look upwards.</p>',
  place: { path: 'main.py', line: 2, code: 'return wiat' },
};

async function failed(explanation: ErrorExplanation | null = EXPLANATION) {
  const asked: ErrorQuestion[] = [];
  const platform = createFakePlatform({
    onExplain(question) {
      asked.push(question);
      return explanation as ErrorExplanation;
    },
  });
  const bench = await openBench(platform);
  await bench.user.click(screen.getByRole('button', { name: 'Run' }));
  act(() =>
    platform.runs[0]?.emit(
      { type: 'stderr', text: TRACE },
      { type: 'finished', report: report({ kind: 'exited', code: 1 }) },
    ),
  );
  return { ...bench, platform, asked };
}

it('explains the error of a run and leads to its line', async () => {
  const { user, asked, editor } = await failed();
  await user.click(screen.getByRole('button', { name: 'Explain this error' }));
  const words = await screen.findByRole('region', { name: 'The error in plain words' });
  expect(words).toHaveTextContent('nothing called wiat');
  expect(words).toHaveTextContent('The name is misspelt.');
  expect(asked[0]).toMatchObject({ language: 'en', lesson: { lesson: 'hello' } });
  expect(asked[0]?.printed).toContain('NameError');
  expect(asked[0]?.files.map(({ path }) => path)).toEqual(['main.py', 'tools.py']);
  expect(screen.getByTestId('announcer')).toHaveTextContent('There is nothing called wiat.');
  expect(await seriousFindings()).toEqual([]);
  await user.click(within(words).getByRole('button', { name: 'main.py, line 2' }));
  expect(editor.dataset.line).toBe('2');
});

it('closes again, and the next run begins without it', async () => {
  const { user, platform } = await failed();
  const button = screen.getByRole('button', { name: 'Explain this error' });
  await user.click(button);
  expect(await screen.findByText('Look upwards.')).toBeVisible();
  await user.click(button);
  expect(screen.queryByText('Look upwards.')).toBeNull();
  await user.click(button);
  expect(await screen.findByText('Look upwards.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Run' }));
  act(() => platform.runs[1]?.emit({ type: 'finished', report: report() }));
  expect(screen.queryByRole('button', { name: 'Explain this error' })).toBeNull();
});

it('says so when there is nothing to explain, and when asking failed', async () => {
  const { user, platform } = await failed(null);
  const button = screen.getByRole('button', { name: 'Explain this error' });
  await user.click(button);
  const panel = within(screen.getByRole('tabpanel', { name: /Output/ }));
  expect(await panel.findByText(/Nothing in the output names an error/)).toBeVisible();
  await user.click(button);
  platform.failNext('errorExplain', 'course_not_found');
  await user.click(button);
  expect(await screen.findByRole('alert')).toBeVisible();
});

it('is offered under a check that ended with an error, and not under one that failed', async () => {
  const { user, platform } = await failed();
  await user.click(screen.getByRole('button', { name: 'Check' }));
  const broken = result({ status: 'error', output: TRACE });
  const wrong = result({ id: 'sun', status: 'fail', output: 'wait\n' });
  act(() => platform.checks[0]?.emit({ type: 'finished', report: checkReport([broken, wrong]) }));
  const checks = screen.getByRole('region', { name: 'Checks of this lesson' });
  await user.click(within(checks).getByRole('button', { name: 'Explain this error' }));
  expect(await within(checks).findByText('Look upwards.')).toBeVisible();
});
