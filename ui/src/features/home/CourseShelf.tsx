// The installed courses with how far the learner is. On the very first start the one course has
// one button, Start, and it has the focus.

import { BookOpen, Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CourseSummary } from '../../bindings/CourseSummary';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { IconButton } from '../../components/IconButton';
import { Menu } from '../../components/Menu';
import { ProgressRing } from '../../components/Progress';
import { pick } from '../../lib/i18n';
import styles from './Home.module.css';

export interface CourseShelfProps {
  courses: CourseSummary[];
  /** Nothing was opened yet. */
  first: boolean;
  language: Language;
  onOpen: (lesson: LessonRef) => void;
  /** What can be done with the shelf as a whole. */
  tools?: ReactNode;
  /** Takes a course away. */
  onRemove?: ((course: CourseSummary) => void) | undefined;
}

export function CourseShelf(props: CourseShelfProps) {
  const { courses, first, language, onOpen, tools, onRemove } = props;
  const { t } = useTranslation('home');
  if (courses.length === 0) {
    return (
      <EmptyState
        icon={<BookOpen aria-hidden />}
        title={t('noCourse')}
        text={t('noCourseHow')}
        action={tools}
      />
    );
  }
  return (
    <section aria-labelledby="shelf">
      <div className={styles.shelfHead}>
        <h2 id="shelf" className={styles.heading}>
          {first ? t('welcome') : t('courses')}
        </h2>
        {tools}
      </div>
      {first && <p className={styles.welcome}>{t('welcomeText')}</p>}
      <ul className={styles.shelf}>
        {courses.map((course, index) => (
          <li key={course.id}>
            <CourseCard
              course={course}
              language={language}
              focus={first && index === 0}
              onOpen={onOpen}
              onRemove={onRemove}
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
  onRemove: ((course: CourseSummary) => void) | undefined;
}

function CourseCard({ course, language, focus, onOpen, onRemove }: CourseCardProps) {
  const { t } = useTranslation(['home', 'courses']);
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
        {course.own && onRemove && (
          <Menu
            trigger={
              <IconButton className={styles.more} label={t('courses:shelf.more', { title })}>
                <Ellipsis aria-hidden />
              </IconButton>
            }
            items={[
              {
                id: 'remove',
                label: t('courses:shelf.remove'),
                onSelect: () => onRemove(course),
              },
            ]}
          />
        )}
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
