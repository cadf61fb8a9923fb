// What the workbench shows of a program's inside: variables, the failed expression, recorded steps.

import { act, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Inspection } from '../../bindings/Inspection';
import type { RunOutcome } from '../../bindings/RunOutcome';
import { seriousFindings } from '../../testing/axe';
import { inspection, LOOP_OUTPUT, loopRecording } from '../../testing/fake-inspection';
import type { FakeRun } from '../../testing/fake-platform';
import { checkReport, openBench, report, result } from './testing/bench';

vi.mock('./editor/load', () => ({ loadEditor: () => import('./testing/textarea-editor') }));

function ends(run: FakeRun | undefined, inside: Inspection | null, outcome?: RunOutcome) {
  act(() =>
    run?.emit(
      { type: 'stdout', text: LOOP_OUTPUT },
      ...(inside ? [{ type: 'inspected', inspection: inside } as const] : []),
      { type: 'finished', report: report(outcome) },
    ),
  );
}

const mark = () => screen.getByTestId('mark').textContent;
const trace = () => screen.getByTestId('trace').textContent;
const tab = (name: string) => screen.getByRole('tab', { name: new RegExp(`^${name}`) });
const panel = () => screen.getByRole('tabpanel', { name: /Variables|Steps/ });

describe('variables', () => {
  async function ranWith(inside: Inspection | null, outcome?: RunOutcome) {
    const page = await openBench();
    await page.user.click(screen.getByRole('button', { name: 'Run' }));
    ends(page.platform.runs[0], inside, outcome);
    await page.user.click(tab('Variables'));
    return page;
  }

  it('say how they come, before the first run', async () => {
    const { user } = await openBench();
    await user.click(tab('Variables'));
    expect(panel()).toHaveTextContent('After a run, the variables at the top level');
  });

  it('are a table of names, types and values', async () => {
    const { platform } = await ranWith(inspection({ moreVariables: 3 }));
    expect(platform.runs[0]?.start.inspect).toBe('variables');
    const table = within(panel()).getByRole('table');
    const rows = within(table).getAllByRole('row');
    expect(within(table).getAllByRole('columnheader')).toHaveLength(3);
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      'NameTypeValue',
      'totalint6',
      'iint3',
    ]);
    expect(panel()).toHaveTextContent('3 more are not shown');
    expect(await seriousFindings()).toEqual([]);
  });

  it('say that they are old once the code changed', async () => {
    const { user, editor } = await ranWith(inspection());
    await user.type(editor, '#');
    expect(panel()).toHaveTextContent('The code changed since this run');
  });

  it.each<[string, Inspection | null, RunOutcome, RegExp]>([
    ['none', null, { kind: 'exited', code: 0 }, /has no variables/],
    [
      'an end from outside',
      inspection({ variables: [] }),
      { kind: 'timedOut' },
      /did not come to its own end/,
    ],
  ])('with %s say so', async (_, inside, outcome, words) => {
    await ranWith(inside, outcome);
    expect(panel()).toHaveTextContent(words);
  });
});

describe('the failed expression', () => {
  const failure = { file: 'main.py', line: 2, column: 12, endLine: 2, endColumn: 18 };
  const message = 'ZeroDivisionError: division by zero';
  const trouble = inspection({ failure: { ...failure, message } });
  const failed: RunOutcome = { kind: 'exited', code: 1 };

  it('is marked exactly, until the code changes', async () => {
    const { user, platform, editor } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Run' }));
    ends(platform.runs[0], trouble, failed);
    expect(mark()).toBe(`main.py:2:12-2:18 ${message}`);
    await user.type(editor, '#');
    expect(mark()).toBe('');
  });

  it('in a file that is not the learner’s is not marked', async () => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Run' }));
    const elsewhere = { ...failure, file: '/python/json.py', message };
    ends(platform.runs[0], inspection({ failure: elsewhere }), failed);
    expect(mark()).toBe('');
  });
});

describe('stepping through', () => {
  const recorded = inspection({ recording: loopRecording() });

  it('runs with every step kept and opens them, the line marked in the editor', async () => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Step through the program' }));
    expect(platform.runs[0]?.start.inspect).toBe('steps');
    expect(panel()).toHaveTextContent('Recording…');
    ends(platform.runs[0], recorded);
    expect(screen.getByRole('slider', { name: 'Step' })).toHaveFocus();
    expect(trace()).toBe('>main.py:1');
    await user.click(screen.getByRole('button', { name: 'Next step' }));
    expect(trace()).toBe('main.py:1>main.py:2');
    expect(screen.getByRole('region', { name: 'Output so far' })).toBeVisible();
  });

  it('has a key', async () => {
    const { user, platform } = await openBench();
    await user.keyboard('{Control>}{Alt>}{Enter}{/Alt}{/Control}');
    expect(platform.runs[0]?.start.inspect).toBe('steps');
  });

  it('shows the question of a program that asks, then its steps', async () => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Step through the program' }));
    const run = platform.runs[0];
    act(() => run?.emit({ type: 'stdout', text: 'name? ' }, { type: 'needsInput' }));
    expect(screen.getByRole('textbox', { name: /name\?/ })).toHaveFocus();
    await user.keyboard('Ada{Enter}');
    ends(run, recorded);
    expect(tab('Steps')).toHaveAttribute('aria-selected', 'true');
  });

  it('leaves the editor when its pane is left or the code changes', async () => {
    const { user, platform, editor } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Step through the program' }));
    ends(platform.runs[0], recorded);
    await user.click(tab('Output'));
    expect(trace()).toBe('');
    await user.click(tab('Steps'));
    expect(trace()).toBe('>main.py:1');
    await user.type(editor, '#');
    expect(trace()).toBe('');
    expect(panel()).toHaveTextContent('The code changed since this recording');
    await user.click(screen.getByRole('button', { name: 'Record again' }));
    expect(platform.runs).toHaveLength(2);
  });

  it('follows the program into another file', async () => {
    const { user, platform } = await openBench();
    const recording = loopRecording();
    const steps = recording.steps.map((step, at) => (at === 1 ? { ...step, file: 1 } : step));
    await user.click(screen.getByRole('button', { name: 'Step through the program' }));
    const files = ['main.py', 'tools.py'];
    ends(platform.runs[0], inspection({ recording: { ...recording, files, steps } }));
    await user.click(screen.getByRole('button', { name: 'Next step' }));
    expect(screen.getByRole('tab', { name: 'tools.py' })).toHaveAttribute('aria-selected', 'true');
    expect(trace()).toBe('main.py:1>tools.py:2');
  });

  it('shows the steps of a program that was stopped, until then', async () => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Step through the program' }));
    const recording = { ...loopRecording(), cut: true };
    ends(platform.runs[0], inspection({ variables: [], recording }), { kind: 'timedOut' });
    await user.click(screen.getByRole('button', { name: 'Last step' }));
    expect(panel()).toHaveTextContent('The recording ends here; the program went on.');
    await user.click(tab('Variables'));
    expect(panel()).toHaveTextContent('did not come to its own end');
  });

  it.each<[string, Inspection | null, RunOutcome, RegExp]>([
    [
      'before the first line',
      inspection({ recording: { files: [], frames: [], steps: [], cut: false }, variables: [] }),
      { kind: 'exited', code: 1 },
      /nothing to step through/,
    ],
    ['from outside', null, { kind: 'cancelled' }, /No steps were kept/],
  ])('of a program that ended %s says why there is nothing', async (_, inside, outcome, words) => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Step through the program' }));
    ends(platform.runs[0], inside, outcome);
    expect(panel()).toHaveTextContent(words);
    expect(await seriousFindings()).toEqual([]);
  });

  it('is not offered by checks, which show nothing of the inside', async () => {
    const { user, platform } = await openBench();
    await user.click(screen.getByRole('button', { name: 'Check' }));
    act(() => platform.checks[0]?.emit({ type: 'finished', report: checkReport([result({})]) }));
    await user.click(tab('Steps'));
    expect(panel()).toHaveTextContent('Nothing recorded yet');
    await user.click(tab('Variables'));
    expect(panel()).toHaveTextContent('No variables yet');
  });
});
