// Rows of a trace: folding, searching, sums, and steps nested without end.

import { expect, test } from 'vitest';
import { fakeReAct, fakeSpan } from '../../../testing/fake-trace';
import { extent, rowsOf, sumsOf } from './rows';

const ids = (folded: string[], search = '') =>
  rowsOf(fakeReAct(), new Set(folded), search).map(({ span }) => span.id);

test('a folded step hides what belongs to it', () => {
  expect(ids([])).toEqual(['1', '2', '3', '4']);
  expect(ids(['1'])).toEqual(['1']);
  expect(rowsOf(fakeReAct(), new Set(), '').map(({ depth }) => depth)).toEqual([0, 1, 1, 1]);
});

test('a search finds words anywhere in a step and keeps what is around it', () => {
  expect(ids([], 'RAIN IN')).toEqual(['1', '2']);
  expect(ids(['1'], 'oslo')).toEqual(['1', '2', '3', '4']);
  expect(ids([], 'no such words')).toEqual([]);
});

test('a step without its parent stands on its own', () => {
  const [row] = rowsOf([fakeSpan('9', { parent: 'gone' })], new Set(), '');
  expect(row?.depth).toBe(0);
});

test('ten thousand steps nested in each other are laid flat', () => {
  const deep = Array.from({ length: 10_000 }, (_, at) =>
    fakeSpan(String(at), { parent: at === 0 ? null : String(at - 1) }),
  );
  expect(rowsOf(deep, new Set(), '').at(-1)?.depth).toBe(9_999);
});

test('sums count calls, tokens and money', () => {
  const paid = fakeSpan('5', { kind: 'model', cost: { currency: 'CNY', value: 0.5 } });
  const { calls, tokens, cost } = sumsOf([...fakeReAct(), paid, paid]);
  expect([calls, tokens, cost.get('CNY')]).toEqual([3, 43, 1]);
  expect(extent(fakeReAct())).toEqual({ start: 10, length: 40 });
  expect(extent([])).toEqual({ start: 0, length: 0 });
});
