// The year behind today, in weeks that begin on Monday.

import { expect, test } from 'vitest';
import { monthStarts, WEEKS, yearOf } from './year';

test.each<[string, Date, number]>([
  ['a Monday', new Date(2026, 10, 23), 1],
  ['a Saturday', new Date(2026, 10, 21), 6],
  ['a Sunday', new Date(2026, 10, 22), 7],
  ['a leap day', new Date(2028, 1, 29), 2],
])('the last column of %s ends with it', (_, today, days) => {
  const weeks = yearOf([], today);
  expect(weeks).toHaveLength(WEEKS);
  expect(weeks.slice(0, -1).every((week) => week.length === 7)).toBe(true);
  expect(weeks.at(-1)).toHaveLength(days);
  const all = weeks.flat().map(({ day }) => day);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toEqual(all.toSorted());
});

test('a day has its runs, and the more the darker', () => {
  const runs = [1, 4, 10, 25].map((count, index) => ({
    day: `2026-11-1${index}`,
    runs: count,
    passed: 0,
  }));
  const levels = yearOf(runs, new Date(2026, 10, 21))
    .flat()
    .filter((day) => day.runs > 0)
    .map(({ level }) => level);
  expect(levels).toEqual([1, 2, 3, 4]);
});

test('each month is named once, where it begins', () => {
  const months = monthStarts(yearOf([], new Date(2026, 10, 21))).map(({ month }) => month);
  expect(months).toHaveLength(12);
  expect(months[0]).toBe('2025-12');
  expect(months.at(-1)).toBe('2026-11');
});
