// What an update changes: lessons that come and go, and what differs in those that stay.

import { useTranslation } from 'react-i18next';
import type { CourseChanges } from '../../bindings/CourseChanges';
import type { Language } from '../../bindings/Language';
import type { LessonChange } from '../../bindings/LessonChange';
import { pick } from '../../lib/i18n';
import styles from './Courses.module.css';

const PARTS = ['renamed', 'moved', 'text', 'checks', 'solution'] as const;

export function Changes(props: { changes: CourseChanges; language: Language }) {
  const { changes, language } = props;
  const { t } = useTranslation('courses');
  const { added, removed, changed, same } = changes;
  const isSame = added.length + removed.length + changed.length === 0;
  const parts = (lesson: LessonChange) => [
    ...PARTS.filter((part) => lesson[part]).map((part) => t(`changes.${part}`)),
    ...(lesson.work.length > 0 ? [t('changes.work', { files: lesson.work.join(', ') })] : []),
  ];
  return (
    <section>
      <h3 className={styles.heading}>{t('changes.title')}</h3>
      {isSame && <p className={styles.muted}>{t('changes.none')}</p>}
      <ul className={styles.plain}>
        {added.map((title) => (
          <li key={title.en}>{t('changes.added', { title: pick(title, language) })}</li>
        ))}
        {removed.map((title) => (
          <li key={title.en}>{t('changes.removed', { title: pick(title, language) })}</li>
        ))}
        {changed.map((lesson) => (
          <li key={lesson.title.en}>
            {t('changes.changed', {
              title: pick(lesson.title, language),
              parts: parts(lesson).join(t('changes.and')),
            })}
          </li>
        ))}
      </ul>
      {!isSame && same > 0 && <p className={styles.muted}>{t('changes.same', { count: same })}</p>}
      {changed.some(({ work }) => work.length > 0) && (
        <p className={styles.muted}>{t('changes.kept')}</p>
      )}
    </section>
  );
}
