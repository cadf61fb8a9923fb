// Two programs and what the engine records of them: a loop and a recursion. Written out by hand as
// a tracer sees them, small enough to know by heart.

import type { Inspection } from '../bindings/Inspection';
import type { Recording } from '../bindings/Recording';
import type { Step } from '../bindings/Step';
import type { StepKind } from '../bindings/StepKind';
import type { Variable } from '../bindings/Variable';

export const LOOP = `total = 0
for i in range(1, 4):
    total = total + i
print("total:", total)
`;
export const LOOP_OUTPUT = 'total: 6\n';

export const FACTORIAL = `def factorial(n):
    if n == 1:
        return 1
    return n * factorial(n - 1)


answer = factorial(3)
print(answer)
`;
export const FACTORIAL_OUTPUT = '6\n';

const int = (name: string, value: number): Variable => ({
  name,
  typeName: 'int',
  value: String(value),
});

function step(kind: StepKind, line: number, change: Partial<Step> = {}): Step {
  const none = { file: 0, frame: 0, changed: [], gone: [], printed: 0, value: null };
  return { kind, line, ...none, ...change };
}

export function loopRecording(): Recording {
  const steps = [step('line', 1), step('line', 2, { changed: [int('total', 0)] })];
  let total = 0;
  for (const i of [1, 2, 3]) {
    total += i;
    steps.push(step('line', 3, { changed: [int('i', i)] }));
    steps.push(step('line', 2, { changed: [int('total', total)] }));
  }
  steps.push(step('line', 4));
  steps.push(step('return', 4, { printed: LOOP_OUTPUT.length }));
  return {
    files: ['main.py'],
    frames: [{ function: '<module>', parent: null }],
    steps,
    cut: false,
  };
}

export function factorialRecording(): Recording {
  const into = [3, 2, 1].flatMap((n, depth) => {
    const frame = depth + 1;
    return [
      step('call', 1, { frame, changed: [int('n', n)] }),
      step('line', 2, { frame }),
      step('line', n === 1 ? 3 : 4, { frame }),
    ];
  });
  const out = [1, 2, 6].map((product, back) =>
    step('return', back === 0 ? 3 : 4, { frame: 3 - back, value: String(product) }),
  );
  return {
    files: ['main.py'],
    frames: [
      { function: '<module>', parent: null },
      { function: 'factorial', parent: 0 },
      { function: 'factorial', parent: 1 },
      { function: 'factorial', parent: 2 },
    ],
    steps: [
      step('line', 1),
      step('line', 7),
      ...into,
      ...out,
      step('line', 8, { changed: [int('answer', 6)] }),
      step('return', 8, { printed: FACTORIAL_OUTPUT.length }),
    ],
    cut: false,
  };
}

/** What a run of the loop shows of its inside. */
export function inspection(change: Partial<Inspection> = {}): Inspection {
  const variables = [int('total', 6), int('i', 3)];
  return { variables, moreVariables: 0, failure: null, recording: null, ...change };
}
