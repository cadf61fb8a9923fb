// Live mode as a learner meets it: a button, a quiet note, and no word to who listens to the page.

import { act, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { seriousFindings } from '../../testing/axe';
import { createFakePlatform } from '../../testing/fake-platform';
import { openBench, report } from './testing/bench';

vi.mock('./editor/load', () => ({
  loadEditor: () => import('./testing/textarea-editor'),
}));

const LIVE = { name: 'Live: the output follows your typing' };
const output = () => screen.getByRole('region', { name: 'Output of the program' });
const announced = () => screen.getByTestId('announcer').textContent;

async function openLive(lesson?: string) {
  const platform = createFakePlatform({ settings: { liveMode: true } });
  const bench = await openBench(platform, lesson);
  const ran = async (count: number) => {
    await waitFor(() => expect(platform.runs).toHaveLength(count), { timeout: 5000 });
    return platform.runs[count - 1]!;
  };
  return { ...bench, platform, ran };
}

const ends = (text: string, code = 0) =>
  [
    { type: 'started', engine: 'wasm' },
    { type: code === 0 ? 'stdout' : 'stderr', text },
    { type: 'finished', report: report({ kind: 'exited', code }) },
  ] as const;

test('it is off at first: typing runs nothing', async () => {
  const { user, platform, editor } = await openBench();
  expect(screen.getByRole('button', LIVE)).toHaveAttribute('aria-pressed', 'false');
  await user.type(editor, '# a');
  // A text is saved later than it would have run.
  await waitFor(() => expect(platform.saved).not.toEqual([]));
  expect(platform.runs).toEqual([]);
});

test('the button turns it on, says so and is remembered', async () => {
  const { user, platform } = await openBench();
  await user.click(screen.getByRole('button', LIVE));
  expect(screen.getByRole('button', LIVE)).toHaveAttribute('aria-pressed', 'true');
  expect(announced()).toMatch(/^Live mode is on/);
  await waitFor(() => expect(platform.settings.liveMode).toBe(true));
  await waitFor(() => expect(platform.runs).toHaveLength(1));
  await user.click(screen.getByRole('button', LIVE));
  expect(platform.runs[0]?.cancelled).toBe(true);
  await waitFor(() => expect(platform.settings.liveMode).toBe(false));
});

test('the output follows without a word to the screen reader, and broken code leaves it', async () => {
  const { user, editor, ran } = await openLive();
  const before = announced();
  const first = await ran(1);
  act(() => first.emit(...ends('one\n')));
  expect(output()).toHaveTextContent('one');
  await user.type(editor, 'x');
  const second = await ran(2);
  act(() => second.emit(...ends('NameError: x\n', 1)));
  expect(output()).toHaveTextContent('one');
  expect(screen.getByText('NameError: x')).toBeInTheDocument();
  expect(screen.getByText(/this is the output before/)).toBeInTheDocument();
  expect(screen.getByTestId('mark')).toBeEmptyDOMElement();
  expect(announced()).toBe(before);
  expect(await seriousFindings()).toEqual([]);
});

test('a program that asks waits for Run, which is said calmly and then no more', async () => {
  const { user, platform } = await openLive('tools');
  expect(await screen.findByText(/asks for input/)).toBeInTheDocument();
  expect(platform.runs).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Run' }));
  expect(platform.runs[0]?.start.keep).toBe(true);
  expect(screen.queryByText(/asks for input/)).not.toBeInTheDocument();
});

test('Run ends a live run and is a run like any other', async () => {
  const { user, platform, ran } = await openLive();
  const live = await ran(1);
  await user.click(screen.getByRole('button', { name: 'Run' }));
  expect(live.cancelled).toBe(true);
  const [, asked] = platform.runs;
  act(() => asked?.emit(...ends('asked for\n')));
  expect(announced()).toMatch(/^Finished/);
});

test('leaving the lesson ends a live run', async () => {
  const { unmount, ran } = await openLive();
  const live = await ran(1);
  unmount();
  expect(live.cancelled).toBe(true);
});
