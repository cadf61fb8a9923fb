// The lesson opened last. Its button has the focus when Home appears, so Enter goes on at once.

import { ArrowRight } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { Resume } from '../../bindings/Resume';
import { Keys } from '../../components/Keys';
import { pick } from '../../lib/i18n';
import styles from './Home.module.css';

export interface ContinueCardProps {
  resume: Resume;
  language: Language;
  onOpen: (lesson: LessonRef) => void;
}

export function ContinueCard({ resume, language, onOpen }: ContinueCardProps) {
  const { t } = useTranslation('home');
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <button
      ref={button}
      type="button"
      className={styles.continue}
      onClick={() => onOpen(resume.lesson)}
    >
      <span className={styles.continueWords}>
        <span className={styles.eyebrow}>{t('continue')}</span>
        <span className={styles.continueTitle}>{pick(resume.lessonTitle, language)}</span>
        <span className={styles.muted}>{pick(resume.courseTitle, language)}</span>
      </span>
      <Keys of="Enter" />
      <ArrowRight aria-hidden />
    </button>
  );
}
