// Blocks that run where they stand, as a reader meets them.

import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { renderApp } from '../../testing/app';
import { seriousFindings } from '../../testing/axe';
import { inspection, loopRecording } from '../../testing/fake-inspection';
import { createFakePlatform, type FakeRun } from '../../testing/fake-platform';

vi.mock('../../features/workbench/editor/load', () => ({
  loadEditor: () => import('../../features/workbench/testing/textarea-editor'),
}));

const report = {
  outcome: { kind: 'exited', code: 0 },
  durationMs: 1,
  engine: 'wasm',
  timeoutS: 30,
  outputCap: 1_000_000,
  note: null,
  kept: true,
  traced: false,
} as const;

async function openCells() {
  const lesson = { course: 'first-agent', lesson: 'notes' };
  const resume = {
    lesson,
    lessonTitle: { zh: '便签', en: 'Notes' },
    courseTitle: { zh: '第一个智能体', en: 'Your First Agent' },
    openedAt: 0,
  };
  const page = renderApp(createFakePlatform({ home: { resume } }));
  await page.user.click(await screen.findByRole('button', { name: /Continue/ }));
  const text = await screen.findByRole('article');
  const runs = () => within(text).getAllByRole('button', { name: 'Run' });
  await within(text).findAllByRole('button', { name: 'Run' });
  return { ...page, text, runs };
}

const prints = (run: FakeRun | undefined, text: string) =>
  act(() => run?.emit({ type: 'stdout', text }, { type: 'finished', report }));

describe('a block that runs', () => {
  it('runs its own text, shows the output under it, and leaves the history alone', async () => {
    const { user, platform, text, runs } = await openCells();
    await user.click(runs()[0] as HTMLElement);
    expect(platform.runs[0]?.start).toMatchObject({
      files: [{ path: 'main.py', text: 'notes = ["rain"]\nprint(notes)\n' }],
      keep: false,
    });
    prints(platform.runs[0], "['rain']\n");
    expect(within(text).getByRole('region', { name: 'Output of this block' })).toHaveTextContent(
      "['rain']",
    );
    expect(screen.getByTestId('announcer')).toHaveTextContent('Finished');
    expect(await seriousFindings()).toEqual([]);
  });

  it('runs after the blocks it names, with its own lines as they are', async () => {
    const { user, platform, runs } = await openCells();
    await user.click(runs()[1] as HTMLElement);
    expect(platform.runs[0]?.start).toMatchObject({
      files: [{ path: 'main.py', text: 'print("remembered")\n' }],
      before: ['notes = ["rain"]\nprint(notes)\n'],
    });
  });

  it('is run by Shift+Enter, which goes to the next one', async () => {
    const { user, platform, text } = await openCells();
    const [first, second] = text.querySelectorAll<HTMLElement>('pre[data-run]');
    act(() => first?.focus());
    await user.keyboard('{Shift>}{Enter}{/Shift}');
    expect(platform.runs).toHaveLength(1);
    expect(second).toHaveFocus();
    prints(platform.runs[0], "['rain']\n");
    await user.keyboard('{Shift>}{Enter}{/Shift}');
    expect(platform.runs[1]?.start.files[0]?.text).toBe('print("remembered")\n');
  });

  it('asks and is answered where it stands', async () => {
    const { user, platform, text, runs } = await openCells();
    await user.click(runs()[0] as HTMLElement);
    act(() => platform.runs[0]?.emit({ type: 'stdout', text: 'what? ' }, { type: 'needsInput' }));
    await user.type(within(text).getByRole('textbox', { name: /what\?/ }), 'sun{Enter}');
    expect(platform.runs[0]?.inputs).toEqual(['sun']);
  });

  it('says what went wrong', async () => {
    const { user, platform, text, runs } = await openCells();
    await user.click(runs()[0] as HTMLElement);
    const place = { file: 'main.py', line: 1, column: 1, endLine: 1, endColumn: 6 };
    const inside = inspection({ failure: { ...place, message: 'NameError: x' } });
    const failed = { ...report, outcome: { kind: 'exited', code: 1 } } as const;
    act(() =>
      platform.runs[0]?.emit(
        { type: 'inspected', inspection: inside },
        { type: 'finished', report: failed },
      ),
    );
    expect(text).toHaveTextContent('Ended with an error');
  });

  it('is gone through step by step', async () => {
    const { user, platform, text } = await openCells();
    const [steps] = within(text).getAllByRole('button', { name: 'Step through' });
    await user.click(steps as HTMLElement);
    expect(platform.runs[0]?.start.inspect).toBe('steps');
    const inside = inspection({ recording: loopRecording() });
    act(() =>
      platform.runs[0]?.emit(
        { type: 'inspected', inspection: inside },
        { type: 'finished', report },
      ),
    );
    expect(within(text).getByRole('slider', { name: 'Step' })).toHaveFocus();
    const marked = () => text.querySelector<HTMLElement>('pre [data-line]')?.dataset.line;
    expect(marked()).toBe('1');
    const slider = within(text).getByRole('slider', { name: 'Step' });
    fireEvent.change(slider, { target: { value: '2' } });
    expect(marked()).toBe('2');
    const [first] = within(text).getAllByRole('button', { name: 'Run' });
    await user.click(first as HTMLElement);
    expect(marked()).toBeUndefined();
    expect(platform.runs[1]?.start.files[0]?.text).toBe('notes = ["rain"]\nprint(notes)\n');
  });

  it('has no line marked while the program is in another file', async () => {
    const { user, platform, text } = await openCells();
    const [steps] = within(text).getAllByRole('button', { name: 'Step through' });
    await user.click(steps as HTMLElement);
    const recording = { ...loopRecording(), files: ['weather.py'] };
    act(() =>
      platform.runs[0]?.emit(
        { type: 'inspected', inspection: inspection({ recording }) },
        { type: 'finished', report },
      ),
    );
    expect(within(text).getByRole('slider', { name: 'Step' })).toHaveFocus();
    expect(text.querySelector('pre [data-line]')).toBeNull();
  });
});
