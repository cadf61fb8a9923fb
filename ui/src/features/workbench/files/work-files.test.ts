// What the workbench holds, and which names a new file may have.

import { describe, expect, it } from 'vitest';
import type { LessonFile } from '../../../bindings/LessonFile';
import { nameProblem, WorkFiles } from './work-files';

const lesson: LessonFile[] = [
  { path: 'main.py', text: 'a', origin: 'starter', changed: false },
  { path: 'data.csv', text: '1', origin: 'data', changed: false },
];

describe('WorkFiles', () => {
  it('gives a run the learner’s files and not the data', () => {
    const files = new WorkFiles(lesson);
    files.add('天气.py', 'b');
    expect(files.list().map(({ path }) => path)).toEqual(['main.py', '天气.py', 'data.csv']);
    expect(files.learnerFiles()).toEqual([
      { path: 'main.py', text: 'a' },
      { path: '天气.py', text: 'b' },
    ]);
  });

  it('prefers what was typed and never stored', () => {
    const files = new WorkFiles(lesson, [{ path: 'main.py', text: 'typed' }]);
    expect(files.text('main.py')).toBe('typed');
  });

  it('knows when the files are again what they were', () => {
    const files = new WorkFiles(lesson);
    const before = files.learnerFiles();
    files.typed('main.py', 'b');
    expect(files.equal(before)).toBe(false);
    files.typed('main.py', 'a');
    expect(files.equal(before)).toBe(true);
    files.add('more.py', '');
    expect(files.equal(before)).toBe(false);
  });
});

describe('nameProblem', () => {
  const check = (name: string, expected: ReturnType<typeof nameProblem>) =>
    expect(nameProblem(name, ['main.py']), name).toBe(expected);

  it('says what is wrong', () => {
    check('helper.py', null);
    check('数据/天气.json', null);
    check('', 'empty');
    check('MAIN.py', 'taken');
    check('../x.py', 'characters');
    check('/x.py', 'characters');
    check('a\\b.py', 'characters');
    check('a:b', 'characters');
    check('a\nb', 'characters');
    check('x'.repeat(201), 'long');
  });

  it('refuses a file the sandbox would not take', () => {
    const taken = Array.from({ length: 64 }, (_, n) => `f${n}.py`);
    expect(nameProblem('one-more.py', taken)).toBe('full');
  });
});
