// The year behind today as weeks of days, for the heatmap.

import type { ActivityDay } from '../../bindings/ActivityDay';

export interface Day {
  /** `2026-11-21`. */
  day: string;
  runs: number;
  passed: number;
  /** 0 nothing, 4 a long day. */
  level: 0 | 1 | 2 | 3 | 4;
}

export const WEEKS = 53;

function localDay(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function levelOf(runs: number): Day['level'] {
  if (runs === 0) return 0;
  if (runs < 4) return 1;
  if (runs < 10) return 2;
  return runs < 25 ? 3 : 4;
}

/** 53 columns of a week each, Monday first; the last ends with today. */
export function yearOf(activity: readonly ActivityDay[], today: Date): Day[][] {
  const known = new Map(activity.map((day) => [day.day, day]));
  const sinceMonday = (today.getDay() + 6) % 7;
  const weeks: Day[][] = [];
  for (let week = 0; week < WEEKS; week++) {
    const days: Day[] = [];
    for (let weekday = 0; weekday < 7; weekday++) {
      const back = (WEEKS - 1 - week) * 7 + sinceMonday - weekday;
      if (back < 0) break;
      const date = new Date(today.getFullYear(), today.getMonth(), today.getDate() - back);
      const day = localDay(date);
      const { runs = 0, passed = 0 } = known.get(day) ?? {};
      days.push({ day, runs, passed, level: levelOf(runs) });
    }
    weeks.push(days);
  }
  return weeks;
}

/** Which columns begin a month, for the row of names above. */
export function monthStarts(weeks: readonly Day[][]): { week: number; month: string }[] {
  const starts: { week: number; month: string }[] = [];
  weeks.forEach((days, week) => {
    const first = days.find(({ day }) => day.endsWith('-01'));
    // A name in the last columns would run out of the picture.
    if (first && week < weeks.length - 1) starts.push({ week, month: first.day.slice(0, 7) });
  });
  return starts;
}
