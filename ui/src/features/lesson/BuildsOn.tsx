// What a lesson builds on and what its programs need: said quietly under its title, and nothing is
// locked by it.

import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonText } from '../../bindings/LessonText';
import { htmlLanguage, pick } from '../../lib/i18n';
import styles from './LessonText.module.css';

export interface BuildsOnProps {
  view: LessonText;
  /** Ids of the course's lessons that the learner has passed. */
  passed: ReadonlySet<string>;
  onOpen: (lesson: LessonRef) => void;
}

export function BuildsOn({ view, passed, onOpen }: BuildsOnProps) {
  const { t } = useTranslation('lesson');
  const needs = useNeeds(view);
  return (
    <>
      {view.prerequisites.length > 0 && (
        <div className={styles.meta}>
          {t('buildsOn')}
          <ul className={styles.known}>
            {view.prerequisites.map(({ lesson, number, title }) => (
              <li key={lesson.lesson}>
                <button type="button" className={styles.way} onClick={() => onOpen(lesson)}>
                  {number}{' '}
                  <span lang={htmlLanguage(view.language)}>{pick(title, view.language)}</span>
                </button>
                {passed.has(lesson.lesson) && (
                  <Check role="img" aria-label={t('passed')} className={styles.passed} />
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {needs.length > 0 && (
        <p className={styles.meta}>
          {t('needs.title')}
          {needs.join(' · ')}
        </p>
      )}
    </>
  );
}

function useNeeds({ needs }: LessonText): string[] {
  const { t } = useTranslation('lesson');
  const { docker, model, network, packages } = needs;
  const all = [docker && t('needs.docker'), model && t('needs.model'), ...packages, ...network];
  return all.filter((each) => each !== false);
}
