// Two traces beside each other.

import { expect, test } from 'vitest';
import { fakeSpan } from '../../../testing/fake-trace';
import { pairsOf } from './compare';

const spans = (...names: string[]) =>
  names.map((name, at) => fakeSpan(String(at), { name, output: `"${name}"` }));

const told = (left: string[], right: string[]) =>
  pairsOf(spans(...left), spans(...right)).map(
    (pair) => `${pair.left?.name ?? '-'}${pair.same ? '=' : '≠'}${pair.right?.name ?? '-'}`,
  );

test('steps that both have stand beside each other', () => {
  expect(told(['a', 'b', 'c'], ['a', 'c', 'd'])).toEqual(['a=a', 'b≠-', 'c=c', '-≠d']);
  expect(told([], [])).toEqual([]);
});

test('the same step with another outcome differs', () => {
  const [pair] = pairsOf([fakeSpan('1', { output: '1' })], [fakeSpan('1', { output: '2' })]);
  expect(pair?.same).toBe(false);
});

test('traces too long for that are paired by their order', () => {
  const many = spans(...Array.from({ length: 2_500 }, () => 'a'));
  expect(pairsOf(many, many)).toHaveLength(2_500);
});
