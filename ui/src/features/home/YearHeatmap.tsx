// A year of runs and checks as a picture, and the same as a table for who does not see pictures.

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActivityDay } from '../../bindings/ActivityDay';
import type { Language } from '../../bindings/Language';
import { htmlLanguage } from '../../lib/i18n';
import styles from './YearHeatmap.module.css';
import { type Day, monthStarts, WEEKS, yearOf } from './year';

export interface YearHeatmapProps {
  activity: ActivityDay[];
  today: Date;
  language: Language;
}

const CELL = 11;
const STEP = 14;
const TOP = 18;

export function YearHeatmap({ activity, today, language }: YearHeatmapProps) {
  const { t } = useTranslation('home');
  const weeks = useMemo(() => yearOf(activity, today), [activity, today]);
  const monthName = new Intl.DateTimeFormat(htmlLanguage(language), { month: 'short' });
  const runs = activity.reduce((sum, day) => sum + day.runs, 0);
  return (
    <section aria-labelledby="year">
      <h2 id="year" className={styles.heading}>
        {t('year')}
      </h2>
      <p className={styles.sum}>
        {activity.length === 0 ? t('yearEmpty') : t('yearSum', { days: activity.length, runs })}
      </p>
      <svg
        className={styles.picture}
        viewBox={`0 0 ${WEEKS * STEP} ${TOP + 7 * STEP}`}
        role="img"
        aria-label={t('yearPicture', { days: activity.length, runs })}
      >
        {monthStarts(weeks).map(({ week, month }) => (
          <text key={month} x={week * STEP} y={11} className={styles.month}>
            {monthName.format(new Date(`${month}-01T12:00:00`))}
          </text>
        ))}
        {weeks.flatMap((days, week) =>
          days.map((day, weekday) => (
            <rect
              key={day.day}
              x={week * STEP}
              y={TOP + weekday * STEP}
              width={CELL}
              height={CELL}
              rx={2}
              className={styles[`level${day.level}`]}
            >
              <title>{t('day', { day: day.day, runs: day.runs, passed: day.passed })}</title>
            </rect>
          )),
        )}
      </svg>
      {activity.length > 0 && <YearTable days={weeks.flat().filter(({ runs: n }) => n > 0)} />}
    </section>
  );
}

function YearTable({ days }: { days: Day[] }) {
  const { t } = useTranslation('home');
  return (
    <details className={styles.details}>
      <summary>{t('yearTable')}</summary>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('columnDay')}</th>
            <th scope="col">{t('columnRuns')}</th>
            <th scope="col">{t('columnPassed')}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, runs, passed }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td>{runs}</td>
              <td>{passed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
