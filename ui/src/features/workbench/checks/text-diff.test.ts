// Expected beside got: what differs, and white space one can see.

import { describe, expect, it } from 'vitest';
import type { Ignored } from '../../../bindings/Ignored';
import { diffTexts, type Part, visibleWhitespace } from './text-diff';

const marked = (parts: readonly Part[]) =>
  parts.map(({ text, same }) => (same ? text : `[${text}]`)).join('');

function check(
  expected: string,
  got: string,
  shown: [string, string],
  whitespaceOnly = false,
  ignored: readonly Ignored[] = [],
) {
  const diff = diffTexts(expected, got, ignored);
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

  it('does not mark the order of lines where it does not count', () => {
    check('b\na', 'a\nb', ['b\na', 'a\nb'], false, ['lineEnds', 'order']);
    check('sun\nrain', 'rain\nmoon', ['[sun]\nrain', 'rain\n[moon]'], false, ['order']);
    check('a\na', 'a\nb', ['a\n[a]', 'a\n[b]'], false, ['order']);
    check('a', 'b\na\n\nc', ['a', '[b]\na[\n]\n[c]'], false, ['order']);
  });

  it('does not mark letters and blanks that do not count', () => {
    check('A b', 'a c', ['A [b]', 'a [c]'], false, ['case']);
    check('a b\nc', '\n a   b\n\nd', ['a b\n[c]', '\n a   b\n\n[d]'], false, ['blanks']);
    check('a\nb', 'a b', ['a[\n]b', 'a b'], true, ['blanks']);
    check('ONE  x\ntwo', 'two\n\none y', ['ONE  [x]\ntwo', 'two\n\none [y]'], false, [
      'order',
      'case',
      'blanks',
    ]);
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
