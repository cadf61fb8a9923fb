// Suggested code finds its place.

import { expect, test } from 'vitest';
import { merged } from './merge';

const FILE =
  'def look():\n    return 1\n\n\nclass Agent:\n    def step(self):\n        pass\n\nlook()\n';

const check = (code: string, line: number, expected: string) =>
  expect(merged(FILE, code, line)).toBe(expected);

test('a function takes the place of the one of its name, at its depth', () => {
  check(
    'def look():\n    x = 2\n    return x\n',
    1,
    FILE.replace('    return 1', '    x = 2\n    return x'),
  );
  check(
    'def step(self):\n    return 3\n',
    1,
    FILE.replace('    def step(self):\n        pass', '    def step(self):\n        return 3'),
  );
});

test('a small diff is applied where its old line stands', () => {
  check('-return 1\n+return 2\n', 1, FILE.replace('return 1', 'return 2'));
  check('- pass\n+ self.done = True', 1, FILE.replace('pass', 'self.done = True'));
});

test('anything else goes behind the cursor', () => {
  check('x = 1', 4, FILE.replace('\n\n\nclass', '\n\n\nx = 1\nclass'));
  check('x = 1', 99, `${FILE}\nx = 1`);
  check('-nowhere\n+there', 0, `-nowhere\n+there\n${FILE}`);
});
