// The output follows the typing, and nothing else does: no history, no noise, nobody is kept waiting.

import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { FileText } from '../../../bindings/FileText';
import type { RunOutcome } from '../../../bindings/RunOutcome';
import type { RunReport } from '../../../bindings/RunReport';
import { createFakePlatform, type FakeRun } from '../../../testing/fake-platform';
import { LIMIT_MS, LiveRunner, mayRunLive, QUIET_MS } from './live-runner';
import { RunSession } from './run-session';

const lesson = { course: 'first-agent', lesson: 'hello' };

const report = (outcome: RunOutcome): RunReport => ({
  outcome,
  durationMs: 1,
  engine: 'wasm',
  timeoutS: 30,
  outputCap: 1024,
  note: null,
  kept: true,
  traced: false,
});
const exited = (code: number) =>
  ({ type: 'finished', report: report({ kind: 'exited', code }) }) as const;
const started = { type: 'started', engine: 'wasm' } as const;

function stage() {
  const platform = createFakePlatform();
  const session = new RunSession(platform, lesson);
  let text = '';
  const files = (): FileText[] => [{ path: 'main.py', text }];
  const runner = new LiveRunner(platform, lesson, session, files);
  const type = (next: string) => {
    text = next;
    runner.changed();
  };
  /** Types, waits until the program runs, and lets it print and end. */
  const runs = (next: string, output: string, code = 0) => {
    type(next);
    vi.advanceTimersByTime(QUIET_MS);
    const stream = code === 0 ? 'stdout' : 'stderr';
    last(platform.runs).emit(started, { type: stream, text: output }, exited(code));
  };
  const shown = () => session.live.get().output.text();
  return { platform, session, runner, type, runs, shown, note: runner.note.get };
}

const last = (runs: FakeRun[]) => runs.at(-1)!;

describe('LiveRunner', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs a moment after the last key, once, and leaves the history alone', () => {
    const { platform, type, shown, note } = stage();
    type('p');
    vi.advanceTimersByTime(QUIET_MS - 1);
    type('print(1)');
    vi.advanceTimersByTime(QUIET_MS - 1);
    expect(platform.runs).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(platform.runs).toHaveLength(1);
    expect(last(platform.runs).start).toMatchObject({ keep: false, files: [{ text: 'print(1)' }] });
    last(platform.runs).emit(started, { type: 'stdout', text: '1\n' }, exited(0));
    expect(shown()).toBe('1\n');
    expect(note()).toBeNull();
  });

  it('is ended by the next key, and what comes of it too late is dropped', () => {
    const { platform, type, shown } = stage();
    type('print(1)');
    vi.advanceTimersByTime(QUIET_MS);
    type('print(12)');
    const [first] = platform.runs;
    expect(first?.cancelled).toBe(true);
    first?.emit(started, { type: 'stdout', text: 'late\n' }, exited(0));
    expect(shown()).toBe('');
    vi.advanceTimersByTime(QUIET_MS);
    expect(platform.runs).toHaveLength(2);
  });

  it('shows nothing of a program before it has ended', () => {
    const { platform, runs, type, shown } = stage();
    runs('print(1)', 'one\n');
    type('print(2)');
    vi.advanceTimersByTime(QUIET_MS);
    last(platform.runs).emit(started, { type: 'stdout', text: 'half' });
    expect(shown()).toBe('one\n');
  });

  it('leaves the last output standing while the code is broken, with what Python says', () => {
    const { runs, shown, note } = stage();
    runs('print(1)', 'one\n');
    runs('print(', 'File "main.py", line 1\nSyntaxError: was never closed\n', 1);
    expect(shown()).toBe('one\n');
    expect(note()).toEqual({ kind: 'broken', message: 'SyntaxError: was never closed' });
    runs('print(2)', 'two\n');
    expect(shown()).toBe('two\n');
    expect(note()).toBeNull();
  });

  it('says of other ends only that there is no output', () => {
    const { platform, type, note } = stage();
    type('x');
    vi.advanceTimersByTime(QUIET_MS);
    const end = { type: 'finished', report: report({ kind: 'outOfMemory' }) } as const;
    last(platform.runs).emit(started, { type: 'stdout', text: 'a\n' }, end);
    expect(note()).toEqual({ kind: 'broken', message: '' });
  });

  it('takes a refusal for such an end', async () => {
    const { platform, type, note } = stage();
    platform.failNext('runStart', 'engine_unavailable');
    type('x');
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    expect(note()).toEqual({ kind: 'broken', message: '' });
  });

  it('does not start a program that asks, and ends one that asks in another way', () => {
    const { platform, type, note } = stage();
    type('name = input("name? ")');
    vi.advanceTimersByTime(QUIET_MS);
    expect(platform.runs).toEqual([]);
    expect(note()).toEqual({ kind: 'asks' });
    type('import sys; sys.stdin.readline()');
    vi.advanceTimersByTime(QUIET_MS);
    last(platform.runs).emit(started, { type: 'needsInput' });
    expect(last(platform.runs).cancelled).toBe(true);
    expect(note()).toEqual({ kind: 'asks' });
  });

  it.each([
    [LIMIT_MS - 1, false],
    [LIMIT_MS, true],
  ])('after %d ms it is ended: %s', (ms, ended) => {
    const { platform, type, note } = stage();
    type('while True: pass');
    vi.advanceTimersByTime(QUIET_MS);
    last(platform.runs).emit({ type: 'preparing' });
    vi.advanceTimersByTime(60_000);
    expect(last(platform.runs).cancelled).toBe(false);
    last(platform.runs).emit(started);
    vi.advanceTimersByTime(ms);
    expect(last(platform.runs).cancelled).toBe(ended);
    expect(note()).toEqual(ended ? { kind: 'slow' } : null);
  });

  it('never disturbs a run that was asked for', () => {
    const { platform, session, type, shown } = stage();
    session.start('asked', [{ path: 'main.py', text: 'old' }]);
    type('print(1)');
    vi.advanceTimersByTime(QUIET_MS);
    expect(platform.runs).toHaveLength(1);
    platform.runs[0]?.emit(started, { type: 'stdout', text: 'asked for\n' }, exited(0));
    expect(shown()).toBe('asked for\n');
  });

  it('does not run again what is shown already', () => {
    const { platform, runs, type, note } = stage();
    runs('print(1)', 'one\n');
    runs('print(', 'SyntaxError\n', 1);
    type('print(1)');
    vi.advanceTimersByTime(QUIET_MS);
    expect(platform.runs).toHaveLength(2);
    expect(note()).toBeNull();
  });

  it('stops for good', () => {
    const { platform, runner, type } = stage();
    type('print(1)');
    runner.end();
    vi.advanceTimersByTime(QUIET_MS * 2);
    expect(platform.runs).toEqual([]);
  });
});

test.each([
  ['print("input")', true],
  ['name = input()', false],
  ['name = input ("? ")', false],
  ['read_input()', true],
  ['form.input()', true],
])('whether %j runs by itself: %s', (text, expected) => {
  expect(mayRunLive([{ path: 'main.py', text }])).toBe(expected);
});

test.each([
  ['main.js', "console.log('input()')", true],
  ['main.js', "require('fs').readFileSync(0, 'utf8')", false],
  ['main.js', 'process.stdin.on("data", say)', false],
  ['main.go', 'fmt.Println("input()")', true],
  ['main.go', 'fmt.Scanln(&name)', false],
  ['main.go', 'bufio.NewReader(os.Stdin)', false],
])('whether %s with %j runs by itself: %s', (path, text, expected) => {
  expect(mayRunLive([{ path, text }])).toBe(expected);
});

test('what asks in a file beside it counts, what stands in a text does not', () => {
  const main = { path: 'main.py', text: 'import ask' };
  expect(mayRunLive([main, { path: 'ask.py', text: 'input()' }])).toBe(false);
  expect(mayRunLive([main, { path: 'notes.md', text: 'input()' }])).toBe(true);
});
