// Expected beside got: what differs, and white space one can see.

import { describe, expect, it } from 'vitest';
import { diffTexts, type Part, visibleWhitespace } from './text-diff';

const marked = (parts: readonly Part[]) =>
  parts.map(({ text, same }) => (same ? text : `[${text}]`)).join('');

function check(expected: string, got: string, shown: [string, string], whitespaceOnly = false) {
  const diff = diffTexts(expected, got);
  expect([marked(diff.expected), marked(diff.got)]).toEqual(shown);
  expect(diff.whitespaceOnly).toBe(whitespaceOnly);
}

describe('diffTexts', () => {
  it('marks words that differ', () => {
    check('take an umbrella', 'take an apple', ['take an [umbrella]', 'take an [apple]']);
    check('a b c', 'a c', ['a [b ]c', 'a c']);
    check('same', 'same', ['same', 'same']);
    check('', 'x', ['', '[x]']);
    check('"雨天"', '"晴天"', ['"[雨]天"', '"[晴]天"']);
  });

  it('knows when only white space differs', () => {
    check('a b\n', 'a  b\n', ['a b\n', 'a [ ]b\n'], true);
    check('a\n', 'a', ['a[\n]', 'a'], true);
    check('a\tb', 'a b', ['a[\t]b', 'a[ ]b'], true);
  });

  it('never shortens, however long', () => {
    const long = Array.from({ length: 4000 }, (_, n) => `w${n}`).join(' ');
    const other = long.replaceAll('w', 'v');
    const diff = diffTexts(long, other);
    expect(diff.expected.map(({ text }) => text).join('')).toBe(long);
    expect(diff.got.map(({ text }) => text).join('')).toBe(other);
    expect(diff.got.some(({ same }) => !same)).toBe(true);
  });
});

describe('visibleWhitespace', () => {
  it('shows what cannot be seen and keeps the lines', () => {
    expect(visibleWhitespace('a b\tc\r\n\u3000x')).toBe('a·b→\tc␍↵\n□x');
  });
});
