// What the learner did in courses that are gone: there again with the course, or forgotten. Nothing of
// it is seen while there is none.

import { useTranslation } from 'react-i18next';
import type { KeptWork } from '../../bindings/KeptWork';
import type { Language } from '../../bindings/Language';
import { Button } from '../../components/Button';
import { htmlLanguage } from '../../lib/i18n';
import styles from './Home.module.css';

export interface KeptWorkListProps {
  kept: KeptWork[];
  language: Language;
  onForget: (work: KeptWork) => void;
}

export function KeptWorkList({ kept, language, onForget }: KeptWorkListProps) {
  const { t } = useTranslation('courses');
  if (kept.length === 0) return null;
  const day = new Intl.DateTimeFormat(htmlLanguage(language), { dateStyle: 'medium' });
  return (
    <section aria-labelledby="kept">
      <h2 id="kept" className={styles.heading}>
        {t('kept.title')}
      </h2>
      <p className={styles.muted}>{t('kept.text')}</p>
      <ul className={styles.kept}>
        {kept.map((work) => (
          <li key={work.course}>
            <code>{work.course}</code>
            <span className={styles.muted}>
              {t('kept.size', { count: work.lessons, day: day.format(work.lastAt) })}
            </span>
            <Button
              kind="quiet"
              aria-label={t('kept.forgetOf', { course: work.course })}
              onClick={() => onForget(work)}
            >
              {t('kept.forget')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
