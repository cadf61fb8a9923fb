// Home: where to go on, what there is to learn, and what the year looked like.

import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { CourseSummary } from '../../bindings/CourseSummary';
import type { KeptWork } from '../../bindings/KeptWork';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { useLoad } from '../../lib/load';
import { useSteady } from '../../lib/steady';
import { usePlatform } from '../../platform/context';
import { ContinueCard } from './ContinueCard';
import { CourseShelf } from './CourseShelf';
import styles from './Home.module.css';
import { KeptWorkList } from './KeptWorkList';
import { YearHeatmap } from './YearHeatmap';

export interface HomeProps {
  language: Language;
  /** Local date of now; the heatmap ends there. */
  today: Date;
  onOpen: (lesson: LessonRef) => void;
  /** The lesson that is most probably opened from here. */
  onForesee?: (lesson: LessonRef) => void;
  /** What can be done with the shelf as a whole. */
  tools?: ReactNode;
  /** Takes a course away. */
  onRemove?: (course: CourseSummary) => void;
  /** Forgets what was done in a course that is gone. */
  onForget?: (work: KeptWork) => void;
}

export function Home(props: HomeProps) {
  const { language, today, onOpen, onForesee, tools, onRemove, onForget } = props;
  const { t } = useTranslation(['home', 'common']);
  const platform = usePlatform();
  const home = useLoad('home', () => platform.home());
  const { reload } = home;
  const next = home.value?.resume?.lesson ?? home.value?.courses[0]?.next;
  const foresee = useSteady(() => next && onForesee?.(next));

  useEffect(() => {
    if (next) foresee();
  }, [next, foresee]);

  // Whoever comes back from a terminal may have installed a course there.
  useEffect(() => {
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, [reload]);

  return (
    <main className={styles.page} aria-labelledby="home" aria-busy={!home.value && !home.error}>
      <h1 id="home" className={styles.hidden}>
        {t('title')}
      </h1>
      {home.error && (
        <ErrorNotice
          error={home.error}
          actions={<Button onClick={reload}>{t('common:retry')}</Button>}
        />
      )}
      {home.value && (
        <>
          {home.value.resume && (
            <ContinueCard resume={home.value.resume} language={language} onOpen={onOpen} />
          )}
          <CourseShelf
            courses={home.value.courses}
            first={home.value.resume === null}
            language={language}
            onOpen={onOpen}
            tools={tools}
            onRemove={onRemove}
          />
          <YearHeatmap activity={home.value.activity} today={today} language={language} />
          {onForget && (
            <KeptWorkList kept={home.value.kept} language={language} onForget={onForget} />
          )}
        </>
      )}
    </main>
  );
}
