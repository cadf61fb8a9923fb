// Rows of tabs that are wider than their place.

import { expect, test } from 'vitest';
import { fitting } from './use-fitting';

const MENU = 30;
const shown = (row: number, chosen: number, widths = [50, 60, 70, 80]) =>
  fitting({ widths, row }, chosen, MENU)
    .map((fits) => (fits ? 'x' : '.'))
    .join('');

test('a row with room for all of them has all of them, to the last pixel', () => {
  expect(shown(260, 0)).toBe('xxxx');
  expect(shown(259, 0)).toBe('xxx.');
});

test('the chosen one is in the row, however narrow that is', () => {
  expect(shown(259, 3)).toBe('xx.x');
  expect(shown(100, 3)).toBe('...x');
  expect(shown(10, 2)).toBe('..x.');
});

test('the others keep their order: a short one does not pass a long one', () => {
  expect(shown(160, 0, [50, 90, 20, 20])).toBe('x...');
});
