// The tutor within the page: who asks it, what it is given, and what comes back into the editor.

import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, expect, test, vi } from 'vitest';
import { checkReport, report, result } from '../../features/workbench/testing/bench';
import { renderApp } from '../../testing/app';
import { createFakePlatform } from '../../testing/fake-platform';
import { AI } from '../../testing/fake-tutor';

vi.mock('../../features/workbench/editor/load', () => ({
  loadEditor: () => import('../../features/workbench/testing/textarea-editor'),
}));

// The first drawing of the whole page takes longer than a test has.
beforeAll(async () => {
  await import('../App');
}, 30_000);

async function openLesson() {
  const resume = {
    lesson: { course: 'first-agent', lesson: 'hello' },
    lessonTitle: { zh: '第一个循环', en: 'The first loop' },
    courseTitle: { zh: '第一个智能体', en: 'Your First Agent' },
    openedAt: 0,
  };
  const page = renderApp(createFakePlatform({ ai: AI, home: { resume } }));
  const patience = { timeout: 10_000 };
  await page.user.click(await screen.findByRole('button', { name: /Continue/ }, patience));
  const editor = (await screen.findByRole(
    'textbox',
    { name: /code editor/ },
    patience,
  )) as HTMLTextAreaElement;
  await waitFor(() => expect(editor.value).not.toBe(''));
  return { ...page, editor };
}

test('a hint follows a failed check, and rests until the next one', async () => {
  const { user, platform } = await openLesson();
  const check = async (round: number) => {
    await user.click(screen.getByRole('button', { name: 'Check' }));
    const failed = result({ status: 'fail' });
    act(() => platform.checks[round]?.emit({ type: 'finished', report: checkReport([failed]) }));
  };
  await check(0);
  const checks = screen.getByRole('region', { name: 'Checks of this lesson' });
  await user.click(within(checks).getByRole('button', { name: 'Hint' }));
  await waitFor(() => expect(platform.asks).toHaveLength(1));
  expect(platform.asks[0]?.ask).toMatchObject({ kind: 'hint', text: '' });
  expect(platform.asks[0]?.ask.surrounding.files.map(({ path }) => path)).toContain('main.py');
  expect(screen.getByRole('tab', { name: 'Tutor' })).toHaveAttribute('aria-selected', 'true');
  expect(within(checks).getByRole('button', { name: 'Hint' })).toBeDisabled();
  await user.click(screen.getByRole('tab', { name: 'Output' }));
  await user.click(screen.getByRole('tab', { name: /^Checks/ }));
  expect(within(checks).getByRole('button', { name: 'Hint' })).toBeDisabled();
  await check(1);
  expect(within(checks).getByRole('button', { name: 'Hint' })).toBeEnabled();
}, 20_000);

test('the tutor is asked about an error and at the cursor, and its code is taken in', async () => {
  const { user, platform, editor } = await openLesson();
  await user.click(screen.getByRole('button', { name: 'Run' }));
  act(() =>
    platform.runs[0]?.emit(
      { type: 'stderr', text: '  File "main.py", line 2\nNameError: x\n' },
      { type: 'finished', report: report({ kind: 'exited', code: 1 }) },
    ),
  );
  await user.click(await screen.findByRole('button', { name: 'Ask the tutor' }));
  await waitFor(() => expect(platform.asks[0]?.ask.kind).toBe('error'));
  const html =
    '<pre class="code" data-language="python"><code>def decide(observation):\n    return "umbrella"\n</code></pre>';
  act(() => {
    platform.asks[0]?.start();
    platform.asks[0]?.finish({ text: 'code', html });
  });
  await user.click(screen.getByRole('button', { name: 'Compare with mine' }));
  const suggestion = await screen.findByRole('region', { name: 'Suggested code' });
  expect(await within(suggestion).findByTestId('diff')).toHaveTextContent('return "umbrella"');
  expect(editor.value).toContain('return "wait"');
  await user.click(within(suggestion).getByRole('button', { name: 'Take it over' }));
  await waitFor(() => expect(editor.value).toContain('return "umbrella"'));
  expect(editor.value).not.toContain('return "wait"');
  await user.keyboard('{Control>}{Alt>}h{/Alt}{/Control}');
  await waitFor(() => expect(platform.asks[1]?.ask.kind).toBe('cursor'));
}, 20_000);
