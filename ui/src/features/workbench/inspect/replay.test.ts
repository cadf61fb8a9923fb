// Moments of recordings: a loop, a recursion, and recordings that point nowhere.

import { describe, expect, it } from 'vitest';
import type { Recording } from '../../../bindings/Recording';
import type { Step } from '../../../bindings/Step';
import { factorialRecording, loopRecording } from '../../../testing/fake-inspection';
import { Replay } from './replay';

const loop = loopRecording();
const factorial = factorialRecording();

/** `i=1 total=3*` for a call at a step, a star for what just changed and a plus for what is new. */
function held(recording: Recording, at: number, frame?: number): string {
  const replay = new Replay(recording);
  const call = replay.call(frame ?? replay.moment(at)?.stack[0] ?? -1, at);
  const sign = { new: '+', changed: '*' };
  return call.held
    .map(({ name, value, change }) => `${name}=${value}${change ? sign[change] : ''}`)
    .join(' ');
}

function step(change: Partial<Step>): Step {
  const none = { changed: [], gone: [], printed: 0, value: null };
  return { kind: 'line', file: 0, line: 1, frame: 0, ...none, ...change };
}

const int = (name: string, value: number) => ({ name, typeName: 'int', value: String(value) });

describe('a loop', () => {
  it('shows the variables growing, the changed ones marked', () => {
    expect(held(loop, 0)).toBe('');
    expect(held(loop, 1)).toBe('total=0+');
    expect(held(loop, 2)).toBe('total=0 i=1+');
    expect(held(loop, 3)).toBe('total=1* i=1');
    expect(held(loop, 4)).toBe('total=1 i=2*');
    expect(held(loop, 5)).toBe('total=3* i=2');
  });

  it('knows what a changed variable held before', () => {
    const [, i] = new Replay(loop).call(0, 4).held;
    expect(i).toMatchObject({ value: '2', before: '1' });
  });

  it('tells the line that comes from the line just executed', () => {
    const moment = new Replay(loop).moment(2);
    expect(moment?.place).toEqual({ path: 'main.py', line: 3 });
    expect(moment?.done).toEqual({ path: 'main.py', line: 2 });
  });

  it('answers the same for a step from wherever one comes', () => {
    const replay = new Replay(loop);
    const forward = Array.from({ length: replay.length }, (_, at) => replay.call(0, at));
    for (let at = replay.length - 1; at >= 0; at -= 1) {
      expect(replay.call(0, at)).toEqual(forward[at]);
    }
  });

  it('finds the next step on a line, and begins again after the last', () => {
    const replay = new Replay(loop);
    const third = { path: 'main.py', line: 3 };
    const first = replay.nextOn(third, 0);
    expect(first).toBe(2);
    const visits = [first];
    for (let n = 0; n < 3; n += 1) visits.push(replay.nextOn(third, visits.at(-1) ?? 0));
    expect(visits[3]).toBe(first);
    expect(replay.nextOn({ path: 'main.py', line: 99 }, 0)).toBeNull();
    expect(replay.nextOn({ path: 'other.py', line: 3 }, 0)).toBeNull();
  });
});

describe('a recursion', () => {
  const replay = new Replay(factorial);
  const deepest = factorial.steps.findIndex(({ kind, frame }) => kind === 'call' && frame === 3);

  it('has a call for each level, the innermost first, each with its own variables', () => {
    const moment = replay.moment(deepest);
    expect(moment?.stack).toEqual([3, 2, 1, 0]);
    expect(moment?.stack.map((frame) => held(factorial, deepest, frame))).toEqual([
      'n=1+',
      'n=2',
      'n=3',
      '',
    ]);
  });

  it('says where a caller waits', () => {
    expect(replay.call(2, deepest).place).toEqual({ path: 'main.py', line: 4 });
  });

  it('gives up calls that returned, and says what they returned', () => {
    const returns = factorial.steps.flatMap(({ kind }, at) => (kind === 'return' ? [at] : []));
    expect(returns.map((at) => replay.moment(at)?.value)).toEqual(['1', '2', '6', null]);
    expect(replay.moment(returns[3] ?? 0)?.stack).toEqual([0]);
    expect(held(factorial, returns[3] ?? 0)).toBe('answer=6');
  });
});

describe('what goes away', () => {
  const recording: Recording = {
    files: ['main.py'],
    frames: [{ function: '<module>', parent: null }],
    steps: [
      step({}),
      step({ changed: [int('a', 1), int('b', 2)] }),
      step({ gone: ['a'] }),
      step({ changed: [int('a', 3)] }),
    ],
    cut: true,
  };

  it('is no longer held, is named once, and is new when it comes back', () => {
    expect(held(recording, 2)).toBe('b=2');
    expect(new Replay(recording).call(0, 2).gone).toEqual(['a']);
    expect(new Replay(recording).call(0, 3).gone).toEqual([]);
    expect(held(recording, 3)).toBe('a=3+ b=2');
  });
});

describe('a hostile recording', () => {
  it('without steps has no moments', () => {
    const replay = new Replay({ files: [], frames: [], steps: [], cut: false });
    expect(replay.length).toBe(0);
    expect(replay.moment(0)).toBeNull();
    expect(replay.nextOn({ path: 'main.py', line: 1 }, 0)).toBeNull();
    expect(replay.call(7, 0)).toMatchObject({ name: '', place: null, held: [] });
  });

  it.each<[string, Partial<Recording>, Partial<Step>]>([
    ['a file that is not there', {}, { file: 9 }],
    ['a frame that is not there', {}, { frame: 9 }],
    ['line 0', {}, { line: 0 }],
    ['a frame that is its own caller', { frames: [{ function: 'f', parent: 0 }] }, {}],
    ['a caller that is not there', { frames: [{ function: 'f', parent: 4 }] }, {}],
    [
      'callers in a circle',
      {
        frames: [
          { function: 'f', parent: 1 },
          { function: 'g', parent: 0 },
        ],
      },
      { frame: 1 },
    ],
  ])('with %s is shown as nothing', (_, recording, hostile) => {
    const frames = [{ function: '<module>', parent: null }];
    const steps = [step(hostile), step(hostile)];
    const replay = new Replay({ files: ['main.py'], frames, steps, cut: false, ...recording });
    const moment = replay.moment(1);
    expect(moment?.stack.length).toBeLessThanOrEqual(2);
    for (const frame of moment?.stack ?? []) expect(replay.call(frame, 1).held).toEqual([]);
  });

  it('as long as recordings get is answered at any step', () => {
    const steps = Array.from({ length: 5000 }, (_, at) =>
      step({ line: (at % 3) + 1, changed: [int(`v${at % 50}`, at)] }),
    );
    const frames = [{ function: '<module>', parent: null }];
    const replay = new Replay({ files: ['main.py'], frames, steps, cut: true });
    expect(replay.call(0, 4999).held).toHaveLength(50);
    expect(replay.call(0, 2500).held[0]).toMatchObject({ value: '2500', before: '2450' });
    expect(replay.call(0, 20).held).toHaveLength(21);
  });
});

it('calls functions by their names, bodies of classes and Python’s own names without brackets', () => {
  const names: [name: string, kind: Step['kind']][] = [
    ['<module>', 'line'],
    ['Dog', 'line'],
    ['Dog.bark', 'call'],
    ['<lambda>', 'call'],
  ];
  const replay = new Replay({
    files: ['main.py'],
    frames: names.map(([name], at) => ({ function: name, parent: at > 0 ? 0 : null })),
    steps: names.map(([, kind], frame) => step({ kind, frame })),
    cut: false,
  });
  const said = names.map((_, frame) => replay.call(frame, frame));
  expect(said.map(({ name }) => name)).toEqual(['<module>', 'Dog', 'Dog.bark()', '<lambda>']);
  expect(said.map(({ isModule }) => isModule)).toEqual([true, false, false, false]);
});
