// When the page hears of a run: at once what must be seen at once, per frame what floods.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakePlatform } from '../../../testing/fake-platform';
import { RunSession, STOP_GRACE_MS } from './run-session';

const lesson = { course: 'first-agent', lesson: 'hello' };

function session() {
  const platform = createFakePlatform();
  const runs = new RunSession(platform, lesson);
  const drawn: string[] = [];
  runs.start('one', [{ path: 'main.py', text: '' }]);
  runs.live.subscribe(() => drawn.push(runs.live.get().output.text()));
  const run = platform.runs[0];
  if (!run) throw new Error('the run did not start');
  return { platform, runs, run, drawn };
}

describe('a session', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('draws the first output at once and a flood once per frame', () => {
    const { run, drawn } = session();
    run.emit({ type: 'started', engine: 'wasm' });
    run.emit({ type: 'stdout', text: 'a' });
    expect(drawn.at(-1)).toBe('a\n');
    const before = drawn.length;
    for (let n = 0; n < 1000; n += 1) run.emit({ type: 'stdout', text: 'b' });
    expect(drawn.length).toBe(before);
    vi.advanceTimersToNextFrame();
    expect(drawn.length).toBe(before + 1);
    expect(drawn.at(-1)).toHaveLength(1002);
  });

  it('draws a prompt at once', () => {
    const { runs, run } = session();
    run.emit({ type: 'stdout', text: 'a' });
    run.emit({ type: 'stdout', text: '\nname? ' }, { type: 'needsInput' });
    expect(runs.live.get().run.waiting).toBe(true);
    expect(runs.live.get().output.open).toBe(true);
  });

  it('answers only a program that asks', () => {
    const { runs, run } = session();
    runs.input('too early');
    run.emit({ type: 'needsInput' });
    runs.input('Ada');
    runs.input('twice');
    expect(run.inputs).toEqual(['Ada']);
  });

  it('answers one question after the other with lines pasted at once', () => {
    const { runs, run } = session();
    run.emit({ type: 'needsInput' });
    runs.input('Ada\nGrace');
    expect(run.inputs).toEqual(['Ada']);
    run.emit({ type: 'needsInput' });
    expect(run.inputs).toEqual(['Ada', 'Grace']);
    run.emit({ type: 'needsInput' });
    expect(runs.live.get().run.waiting).toBe(true);
  });

  it('does not call an answer that came too late a failure', async () => {
    const { platform, runs, run } = session();
    run.emit({ type: 'needsInput' });
    platform.failNext('runInput', 'run_not_found');
    runs.input('Ada');
    await vi.advanceTimersByTimeAsync(0);
    expect(runs.live.get().run.end).toBeNull();
  });

  it('gives a stopped run up when its end never comes', async () => {
    const { runs, run } = session();
    run.emit({ type: 'started', engine: 'wasm' });
    runs.stop();
    expect(runs.live.get().run.stopping).toBe(true);
    await vi.advanceTimersByTimeAsync(STOP_GRACE_MS);
    expect(runs.live.get().run.end).toMatchObject({
      kind: 'failed',
      error: { code: 'engine_lost' },
    });
  });
});
