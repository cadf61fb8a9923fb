// The questions of a lesson, under its text: each is answered where it stands, judged by the core,
// and can be tried again. What was answered last time is there again.

import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { QuestionView } from '../../bindings/QuestionView';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { htmlLanguage } from '../../lib/i18n';
import { useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';
import { Question } from './Question';
import styles from './Questions.module.css';

export interface QuestionsProps {
  lesson: LessonRef;
  /** Of the text they stand under. */
  language: Language;
}

export function Questions({ lesson, language }: QuestionsProps) {
  const { t } = useTranslation(['lesson', 'common']);
  const platform = usePlatform();
  const title = useId();
  const key = `${lesson.course}/${lesson.lesson}/${language}`;
  const asked = useLoad(key, () => platform.lessonQuestions(lesson, language));
  if (asked.error) {
    return (
      <ErrorNotice
        error={asked.error}
        actions={<Button onClick={asked.reload}>{t('common:retry')}</Button>}
      />
    );
  }
  if (!asked.value || asked.value.length === 0) return null;
  const answered = (view: QuestionView) =>
    asked.change((all) => all.map((each) => (each.id === view.id ? view : each)));
  const right = asked.value.filter((view) => view.answered?.right).length;
  return (
    <section className={styles.questions} aria-labelledby={title}>
      <header className={styles.head}>
        <h2 id={title}>{t('questions.title')}</h2>
        <p className={styles.count}>{t('questions.count', { right, all: asked.value.length })}</p>
      </header>
      <ol className={styles.list} lang={htmlLanguage(language)}>
        {asked.value.map((view) => (
          <li key={view.id}>
            <Question view={view} lesson={lesson} language={language} onAnswered={answered} />
          </li>
        ))}
      </ol>
    </section>
  );
}
