// Going through a recorded program as a learner does: slider, buttons, keys, play; what each step
// shows and says.

import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Recording } from '../../../bindings/Recording';
import { seriousFindings } from '../../../testing/axe';
import {
  FACTORIAL,
  factorialRecording,
  LOOP,
  LOOP_OUTPUT,
  loopRecording,
} from '../../../testing/fake-inspection';
import { renderPage } from '../../../testing/render';
import { Playback } from './playback';
import { StepsView } from './StepsPane';
import { Transcript } from './transcript';

function open(recording: Recording = loopRecording(), text = LOOP, output = LOOP_OUTPUT) {
  const transcript = new Transcript();
  if (output) transcript.append('stdout', output);
  const playback = new Playback(recording, [{ path: 'main.py', text }], transcript);
  return { playback, ...renderPage(<StepsView playback={playback} />) };
}

const slider = () => screen.getByRole<HTMLInputElement>('slider', { name: 'Step' });
const button = (name: string) => screen.getByRole('button', { name });
const announced = () => screen.getByTestId('announcer').textContent;
const pane = () => screen.getByRole('region', { name: 'Steps of the program' });
/** The rows of the call that goes on now, as one reads them. */
const now = () =>
  within(screen.getAllByRole('table')[0] as HTMLElement)
    .queryAllByRole('row')
    .map((row) => row.textContent);

describe('a loop', () => {
  it('begins at its first line, with the slider in hand', () => {
    open();
    expect(slider()).toHaveFocus();
    expect(slider()).toHaveAttribute('aria-valuetext', 'Step 1 of 10, line 1');
    expect(pane()).toHaveTextContent('Next: line 1');
    expect(pane()).toHaveTextContent('total = 0');
    expect(screen.getByText('no variables')).toBeVisible();
  });

  it('shows its variables change, in words and with what they held before', async () => {
    const { user } = open();
    await user.click(button('Next step'));
    expect(now()).toEqual(['total0 new']);
    await user.click(button('Next step'));
    expect(now()).toEqual(['total0', 'i1 new']);
    await user.click(button('Next step'));
    expect(now()).toEqual(['total1 was 0', 'i1']);
    await user.click(button('Previous step'));
    expect(now()).toEqual(['total0', 'i1 new']);
  });

  it('is dragged to any step without a word, and says where a button went', async () => {
    const { user } = open();
    const before = announced();
    fireEvent.change(slider(), { target: { value: '6' } });
    expect(now()).toEqual(['total3 was 1', 'i2']);
    expect(slider()).toHaveAttribute('aria-valuetext', 'Step 6 of 10, line 2');
    expect(announced()).toBe(before);
    await user.click(button('Next step'));
    expect(announced()).toBe('Step 7 of 10, line 3');
  });

  it('goes by the arrow keys, wherever the focus is in it', async () => {
    const { user } = open();
    act(() => screen.getByRole('region', { name: 'Calls and their variables' }).focus());
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowLeft}');
    expect(slider()).toHaveValue('2');
    expect(announced()).toBe('Step 2 of 10, line 2');
    await user.keyboard('{End}');
    expect(slider()).toHaveValue('10');
    await user.keyboard('{ArrowRight}');
    expect(slider()).toHaveValue('10');
    await user.keyboard('{Home}');
    expect(slider()).toHaveValue('1');
  });

  it('ends at its ends, and the buttons keep the focus there', async () => {
    const { user } = open();
    await user.click(button('Previous step'));
    expect(slider()).toHaveValue('1');
    await user.click(button('Last step'));
    expect(pane()).toHaveTextContent('The program has come to its end');
    expect(button('Last step')).toHaveFocus();
    await user.click(button('Next step'));
    expect(slider()).toHaveValue('10');
  });

  it('shows what was printed by then', async () => {
    const { user } = open();
    const output = screen.getByRole('region', { name: 'Output so far' });
    expect(output).toHaveTextContent('Nothing printed yet');
    await user.click(button('Last step'));
    expect(output).toHaveTextContent('total: 6');
    await user.click(button('Previous step'));
    expect(output).not.toHaveTextContent('total: 6');
  });

  it('plays to its end and stops there', () => {
    vi.useFakeTimers();
    try {
      open();
      const before = announced();
      fireEvent.click(button('Play'));
      act(() => void vi.advanceTimersByTime(1500));
      expect(slider()).toHaveValue('3');
      fireEvent.click(button('Pause'));
      act(() => void vi.advanceTimersByTime(5000));
      expect(slider()).toHaveValue('3');
      fireEvent.change(screen.getByRole('combobox', { name: 'Speed' }), {
        target: { value: 'fast' },
      });
      fireEvent.click(button('Play'));
      act(() => void vi.advanceTimersByTime(60_000));
      expect(slider()).toHaveValue('10');
      expect(button('Play')).toBeVisible();
      expect(announced()).toBe(before);
    } finally {
      vi.useRealTimers();
    }
  });

  it('has nothing serious for axe', async () => {
    open();
    fireEvent.change(slider(), { target: { value: '4' } });
    expect(await seriousFindings()).toEqual([]);
  });
});

describe('a recursion', () => {
  it('has its calls beside each other, the innermost first', () => {
    const { playback } = open(factorialRecording(), FACTORIAL);
    act(() => playback.go(8));
    expect(pane()).toHaveTextContent('factorial() is called');
    const calls = screen.getAllByRole('table').map((table) => table.textContent);
    expect(calls[0]).toMatch(/^factorial\(\) line 1n1 new$/);
    expect(calls[1]).toMatch(/^factorial\(\) waits on line 4n2$/);
    expect(calls[3]).toMatch(/^main\.py, top level waits on line 7$/);
  });

  it('says what is returned', () => {
    const { playback } = open(factorialRecording(), FACTORIAL);
    act(() => playback.go(12));
    expect(pane()).toHaveTextContent('factorial() returns 2');
  });

  it('of any depth shows its two ends', () => {
    const depth = 900;
    const frames = Array.from({ length: depth }, (_, at) => ({
      function: at === 0 ? '<module>' : 'down',
      parent: at === 0 ? null : at - 1,
    }));
    const [first] = loopRecording().steps;
    if (!first) throw new Error('the loop has steps');
    const steps = frames.map((_, frame) => ({ ...first, frame, kind: 'call' as const }));
    const { playback } = open({ files: ['main.py'], frames, steps, cut: false });
    act(() => playback.go(depth - 1));
    expect(screen.getAllByRole('table')).toHaveLength(9);
    expect(screen.getByText('891 calls in between are not shown')).toBeVisible();
    expect(screen.getByText('main.py, top level')).toBeVisible();
  });
});

it('says at its last step that the program went on', async () => {
  const { user } = open({ ...loopRecording(), cut: true });
  expect(screen.queryByText(/recording ends here/)).toBeNull();
  await user.click(button('Last step'));
  expect(screen.getByText('The recording ends here; the program went on.')).toBeVisible();
});

it('says which error is raised', () => {
  const recording = loopRecording();
  const [first] = recording.steps;
  if (!first) throw new Error('the loop has steps');
  const error = { ...first, kind: 'raise' as const, value: 'NameError: x' };
  open({ ...recording, steps: [error] });
  expect(pane()).toHaveTextContent('An error is raised: NameError: x');
});

it('cuts a long value until one asks for it', async () => {
  const recording = loopRecording();
  const [first] = recording.steps;
  if (!first) throw new Error('the loop has steps');
  const value = `[${'1, '.repeat(60)}1]`;
  const changed = [{ name: 'numbers', typeName: 'list', value }];
  const { user } = open({ ...recording, steps: [{ ...first, changed }] });
  const long = screen.getByRole('button', { name: value });
  expect(long).toHaveAttribute('aria-expanded', 'false');
  await user.click(long);
  expect(long).toHaveAttribute('aria-expanded', 'true');
});
