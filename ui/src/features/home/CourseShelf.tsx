// The installed courses with how far the learner is. On the very first start the one course has
// one button, Start, and it has the focus.

import { BookOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CourseSummary } from '../../bindings/CourseSummary';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { ProgressRing } from '../../components/Progress';
import { pick } from '../../lib/i18n';
import styles from './Home.module.css';

export interface CourseShelfProps {
  courses: CourseSummary[];
  /** Nothing was opened yet. */
  first: boolean;
  language: Language;
  onOpen: (lesson: LessonRef) => void;
}

export function CourseShelf({ courses, first, language, onOpen }: CourseShelfProps) {
  const { t } = useTranslation('home');
  if (courses.length === 0) {
    return (
      <EmptyState icon={<BookOpen aria-hidden />} title={t('noCourse')} text={t('noCourseHow')} />
    );
  }
  return (
    <section aria-labelledby="shelf">
      <h2 id="shelf" className={styles.heading}>
        {first ? t('welcome') : t('courses')}
      </h2>
      {first && <p className={styles.welcome}>{t('welcomeText')}</p>}
      <ul className={styles.shelf}>
        {courses.map((course, index) => (
          <li key={course.id}>
            <CourseCard
              course={course}
              language={language}
              focus={first && index === 0}
              onOpen={onOpen}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface CourseCardProps {
  course: CourseSummary;
  language: Language;
  focus: boolean;
  onOpen: (lesson: LessonRef) => void;
}

function CourseCard({ course, language, focus, onOpen }: CourseCardProps) {
  const { t } = useTranslation('home');
  const { next, passed, lessons, minutes } = course;
  const title = pick(course.title, language);
  const word = focus || passed === 0 ? t('start') : t('goOn');
  return (
    <article className={styles.course} aria-label={title}>
      <div className={styles.courseHead}>
        <ProgressRing
          size={2.25}
          value={lessons === 0 ? 0 : passed / lessons}
          label={t('progress', { passed, lessons })}
        />
        <div>
          <h3 className={styles.courseTitle}>{title}</h3>
          <p className={styles.muted}>
            {t('size', { count: lessons, minutes })} · {t('progress', { passed, lessons })}
          </p>
        </div>
      </div>
      <p className={styles.summary}>{pick(course.summary, language)}</p>
      {course.problems > 0 && (
        <p className={styles.problems}>{t('problems', { count: course.problems })}</p>
      )}
      {next && (
        <Button
          kind={focus ? 'primary' : 'plain'}
          autoFocus={focus}
          aria-label={t('openCourse', { word, title })}
          onClick={() => onOpen(next)}
        >
          {word}
        </Button>
      )}
    </article>
  );
}
