// The workbench as a learner uses it: run, answer, stop, check and fix, reset and undo, go back.

import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { createFakePlatform } from '../../testing/fake-platform';
import { checkReport, openBench, report, result } from './testing/bench';

vi.mock('./editor/load', () => ({ loadEditor: () => import('./testing/textarea-editor') }));

const announced = () => screen.getByTestId('announcer').textContent;
const tab = (name: RegExp) => screen.getByRole('tab', { name });
/** Said in the page, beside what the live region says. */
const ending = (text: string) => screen.getByText(text, { selector: '[role=tabpanel] span' });
const output = () => screen.getByRole('region', { name: 'Output of the program' });

describe('running', () => {
  it('shows the output, how it ended, and says so', async () => {
    const { user, platform, editor } = await openBench();
    await user.click(editor);
    await user.keyboard('{Control>}{Enter}{/Control}');
    const run = platform.runs[0];
    expect(run?.start.files.map(({ path }) => path)).toEqual(['main.py', 'tools.py']);
    act(() => run?.emit({ type: 'started', engine: 'wasm' }, { type: 'stdout', text: 'wait\n' }));
    expect(output()).toHaveTextContent('wait');
    act(() => run?.emit({ type: 'finished', report: report() }));
    expect(ending('Finished')).toBeVisible();
    expect(screen.getByText(/1\.3 ms · WASM/)).toBeVisible();
    expect(announced()).toBe('Finished');
    expect(screen.getByRole('button', { name: 'Run' })).toBeEnabled();
  });

  it('sends what is in the editor, saved or not', async () => {
    const { user, platform, editor } = await openBench();
    await user.clear(editor);
    await user.type(editor, 'print(1)');
    await user.click(screen.getByRole('button', { name: 'Run' }));
    expect(platform.runs[0]?.start.files[0]?.text).toBe('print(1)');
    await waitFor(() => expect(platform.filesOf('hello')[0]?.text).toBe('print(1)'));
  });

  it('says that the output is stale once the code changed, and not when it is back', async () => {
    const { user, platform, editor } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Run' }));
    act(() => platform.runs[0]?.emit({ type: 'finished', report: report() }));
    await user.type(editor, '#');
    expect(screen.getByText('The code changed since this run')).toBeVisible();
    await user.type(editor, '{Backspace}');
    expect(screen.queryByText('The code changed since this run')).toBeNull();
  });

  it('drops what an older run still says', async () => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Run' }));
    act(() => platform.runs[0]?.emit({ type: 'finished', report: report() }));
    await user.click(screen.getByRole('button', { name: 'Run' }));
    act(() => platform.runs[0]?.emit({ type: 'stdout', text: 'ghost\n' }));
    act(() => platform.runs[1]?.emit({ type: 'stdout', text: 'real\n' }));
    expect(output()).toHaveTextContent('real');
    expect(output()).not.toHaveTextContent('ghost');
  });

  it('asks for a line where the program asked, and gives the focus back', async () => {
    const { user, platform, editor } = await openBench(createFakePlatform(), 'tools');
    await user.click(editor);
    await user.keyboard('{Control>}{Enter}{/Control}');
    const run = platform.runs[0];
    act(() => run?.emit({ type: 'stdout', text: 'name? ' }, { type: 'needsInput' }));
    const prompt = screen.getByRole('textbox', { name: /name\?/ });
    expect(prompt).toHaveFocus();
    await user.keyboard('小明{Enter}');
    expect(run?.inputs).toEqual(['小明']);
    act(() =>
      run?.emit({ type: 'stdout', text: '你好 小明\n' }, { type: 'finished', report: report() }),
    );
    expect(output()).toHaveTextContent('name? 小明你好 小明');
    expect(editor).toHaveFocus();
  });

  it('takes pasted lines as answers, not as one', async () => {
    const { user, platform } = await openBench(createFakePlatform(), 'tools');
    await user.click(screen.getByRole('button', { name: 'Run' }));
    act(() => platform.runs[0]?.emit({ type: 'needsInput' }));
    await user.paste('3\n4\n');
    act(() => platform.runs[0]?.emit({ type: 'needsInput' }));
    expect(platform.runs[0]?.inputs).toEqual(['3', '4']);
  });

  it('ends the input with Ctrl+D', async () => {
    const { user, platform } = await openBench(createFakePlatform(), 'tools');
    await user.click(screen.getByRole('button', { name: 'Run' }));
    act(() => platform.runs[0]?.emit({ type: 'needsInput' }));
    await user.keyboard('{Control>}d{/Control}');
    expect(platform.runs[0]?.inputEnded).toBe(true);
  });

  it('stops with Escape outside the editor, and says that it was stopped', async () => {
    const platform = createFakePlatform({
      onCancel: (run) =>
        run.emit({ type: 'finished', report: report({ kind: 'cancelled' }) } as never),
    });
    const { user } = await openBench(platform);
    await user.click(screen.getByRole('button', { name: 'Run' }));
    expect(await screen.findByRole('button', { name: /Stop/ })).toBeVisible();
    await user.keyboard('{Escape}');
    expect(platform.runs[0]?.cancelled).toBe(true);
    expect(ending('Stopped by you')).toBeVisible();
  });

  it('links a traceback to its line and marks it until the next edit', async () => {
    const { user, platform, editor } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Run' }));
    const trace =
      'Traceback (most recent call last):\n  File "tools.py", line 2, in look\nNameError: x\n';
    act(() =>
      platform.runs[0]?.emit(
        { type: 'stderr', text: trace },
        { type: 'finished', report: report({ kind: 'exited', code: 1 }) },
      ),
    );
    expect(screen.getByTestId('mark')).toHaveTextContent('tools.py:2 NameError: x');
    expect(announced()).toBe('Ended with an error: NameError: x');
    await user.click(screen.getByRole('button', { name: 'File "tools.py", line 2' }));
    expect(tab(/tools.py/)).toHaveAttribute('aria-selected', 'true');
    expect(editor.dataset.line).toBe('2');
    await user.type(editor, '#');
    expect(screen.getByTestId('mark')).toBeEmptyDOMElement();
  });

  it('says what happened when the machine failed, with a way on', async () => {
    const platform = createFakePlatform();
    const { user } = await openBench(platform);
    platform.failNext('runStart', 'engine_lost', 'worker died');
    await user.click(screen.getByRole('button', { name: 'Run' }));
    const notice = await screen.findByRole('alert');
    expect(notice).toHaveTextContent('worker died');
    await user.click(within(notice).getByRole('button', { name: 'Run again' }));
    expect(platform.runs).toHaveLength(1);
  });

  it('explains the wait while Python is prepared', async () => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Run' }));
    act(() => platform.runs[0]?.emit({ type: 'preparing' }));
    expect(screen.getByText(/Preparing Python/)).toBeVisible();
    act(() => platform.runs[0]?.emit({ type: 'started', engine: 'wasm' }));
    expect(screen.queryByText(/Preparing Python/)).toBeNull();
  });
});

describe('checking', () => {
  it('fails, shows why, is fixed, passes', async () => {
    const { user, platform, onState } = await openBench();
    await user.click(tab(/Checks/));
    expect(screen.getByText('Waits in the sun')).toBeVisible();
    await user.keyboard('{Control>}{Shift>}{Enter}{/Shift}{/Control}');
    const fail = result({
      status: 'fail',
      call: 'decide("rain")',
      expected: "'umbrella'",
      got: "'wait'",
      task: 2,
      testCode: 'def rain():\n    check(decide("rain"))',
    });
    const sun = result({ id: 'sun', title: { zh: '晴', en: 'Waits in the sun' } });
    act(() => platform.checks[0]?.emit({ type: 'started', total: 2 }));
    act(() => platform.checks[0]?.emit({ type: 'checked', result: fail }));
    expect(screen.getByText('decide("rain")')).toBeVisible();
    expect(screen.getByText('umbrella')).toBeVisible();
    expect(screen.getByText('Task 2')).toBeVisible();
    await user.click(screen.getByText('The test'));
    expect(screen.getByText(/check\(decide\("rain"\)\)/)).toBeVisible();
    act(() => platform.checks[0]?.emit({ type: 'finished', report: checkReport([fail, sun]) }));
    expect(announced()).toBe(
      'Check failed: 1 of 2 passed; first problem: Takes an umbrella in the rain',
    );
    expect(onState).toHaveBeenLastCalledWith('started');
    expect(tab(/Checks/)).toHaveTextContent('1/2');

    await user.click(screen.getByRole('button', { name: 'Check' }));
    act(() =>
      platform.checks[1]?.emit({ type: 'finished', report: checkReport([result({}), sun]) }),
    );
    expect(screen.getByText('All 2 checks pass. Nicely done.')).toBeVisible();
    expect(onState).toHaveBeenLastCalledWith('passed');
  });

  it('shows white space by itself when nothing else differs', async () => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Check' }));
    const fail = result({ kind: 'output', status: 'fail', expected: 'a b\n', got: 'a  b\n' });
    act(() => platform.checks[0]?.emit({ type: 'finished', report: checkReport([fail]) }));
    expect(screen.getByText('The two differ only in spaces or line ends.')).toBeVisible();
    expect(screen.getByRole('checkbox', { name: 'Show spaces and line ends' })).toBeChecked();
    expect(screen.getAllByText(/a·/)).toHaveLength(2);
  });

  it('does not start while a program runs', async () => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Run' }));
    await user.keyboard('{Control>}{Shift>}{Enter}{/Shift}{/Control}');
    expect(platform.checks).toHaveLength(0);
    expect(announced()).toBe('Something is still running. Stop it first.');
  });
});
