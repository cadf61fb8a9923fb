// Where a traceback points, and what the editor is told.

import { describe, expect, it } from 'vitest';
import { frameLink, lastError } from './traceback';

const files = ['main.py', 'tools.py', '包/天气.py'];

describe('frameLink', () => {
  const check = (text: string, expected: [string, number] | null) => {
    const link = frameLink(text, files);
    expect(link && [link.path, link.line], text).toEqual(expected);
  };

  it('knows the learner’s files wherever the engine laid them', () => {
    check('  File "main.py", line 3, in <module>', ['main.py', 3]);
    check('  File "/box/tools.py", line 12, in look', ['tools.py', 12]);
    check('  File "C:\\box\\main.py", line 1', ['main.py', 1]);
    check('  File "/box/包/天气.py", line 2', ['包/天气.py', 2]);
    check('  |   File "main.py", line 7, in f', ['main.py', 7]);
  });

  it('leaves everything else alone', () => {
    check('  File "/usr/lib/python3.14/json/decoder.py", line 3, in decode', null);
    check('  File "xmain.py", line 3', null);
    check('File main.py line 3', null);
  });

  it('says where the link stands', () => {
    const text = '  File "main.py", line 3, in f';
    const link = frameLink(text, files);
    expect(text.slice(link?.start, link?.end)).toBe('File "main.py", line 3');
  });
});

describe('lastError', () => {
  const check = (text: string, expected: [string, number, string] | null) => {
    const mark = lastError(text.split('\n'), files);
    expect(mark && [mark.path, mark.line, mark.message]).toEqual(expected);
  };

  it('marks the innermost own line', () => {
    check(
      'Traceback (most recent call last):\n  File "main.py", line 9, in <module>\n    f()\n  File "tools.py", line 2, in f\n    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n',
      ['tools.py', 2, 'ZeroDivisionError: division by zero'],
    );
  });

  it('skips the library’s frames but keeps what they say', () => {
    check(
      'Traceback (most recent call last):\n  File "main.py", line 4, in <module>\n    json.loads("")\n  File "/lib/json/__init__.py", line 352, in loads\n    return decode(s)\njson.decoder.JSONDecodeError: Expecting value',
      ['main.py', 4, 'json.decoder.JSONDecodeError: Expecting value'],
    );
  });

  it('reads syntax errors', () => {
    check('  File "main.py", line 1\n    print(\n         ^\nSyntaxError: \'(\' was never closed', [
      'main.py',
      1,
      "SyntaxError: '(' was never closed",
    ]);
  });

  it('takes the last of a chain', () => {
    check(
      '  File "main.py", line 2, in f\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\n  File "main.py", line 5, in g\nValueError: x',
      ['main.py', 5, 'ValueError: x'],
    );
  });

  it('finds nothing in plain output', () => check('hello\nworld', null));
});
