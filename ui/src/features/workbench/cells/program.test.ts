// What runs when a block of a lesson runs.

import { expect, test } from 'vitest';
import { programOf } from './program';

const files = (source: string, before: string) =>
  Object.fromEntries(
    programOf({ read: () => source, before }).map(({ path, text }) => [path, text]),
  );

test('a block that stands for itself is its own text and nothing else', () => {
  expect(files('print(1)\n', '')).toEqual({ 'main.py': 'print(1)\n' });
});

test('a block after others finds their names, and its lines keep their numbers', () => {
  const { 'main.py': main, 'before.py': before } = files('print(x)\n1 / 0\n', 'x = 1\n');
  expect(main).toBe('from before import *; print(x)\n1 / 0\n');
  expect(before).toContain('\nx = 1\n');
});

test('a line that nothing may stand in front of gets one of its own', () => {
  for (const line of ['for a in x: pass', '@cached\ndef f(): pass', 'def f(): pass']) {
    expect(files(line, 'x = 1')['main.py']).toBe(`from before import *\n${line}`);
  }
  expect(files('forty = 40', 'x')['main.py']).toBe('from before import *; forty = 40');
});
