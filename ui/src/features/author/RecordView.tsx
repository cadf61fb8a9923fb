// Records what the live model answers to the solution of a lesson, so that learners need no key.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthorCourse } from '../../bindings/AuthorCourse';
import type { Language } from '../../bindings/Language';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Notice } from '../../components/Notice';
import { useAi } from '../../lib/ai';
import styles from './Author.module.css';
import { LessonField } from './LessonField';
import { type Recording, useRecord } from './use-record';

export interface RecordViewProps {
  course: AuthorCourse;
  language: Language;
}

export function RecordView({ course, language }: RecordViewProps) {
  const { t } = useTranslation('author');
  const { ai } = useAi();
  const [lesson, setLesson] = useState(course.lessons[0]?.id ?? '');
  const recording = useRecord();
  const { isGoing, output, end, error } = recording;
  if (course.lessons.length === 0) return <p className={styles.muted}>{t('preview.none')}</p>;
  return (
    <div className={styles.panel}>
      <div className={styles.choose}>
        <LessonField course={course} language={language} lesson={lesson} onChange={setLesson} />
      </div>
      <p className={styles.muted}>{t('record.what')}</p>
      {ai?.ready === false && <Notice kind="warn">{t('record.noKey')}</Notice>}
      <div className={styles.row}>
        <Button
          kind="primary"
          disabled={isGoing}
          onClick={() => recording.start(course.dir, lesson)}
        >
          {t('record.start')}
        </Button>
        {isGoing && <Button onClick={recording.stop}>{t('proof.stop')}</Button>}
      </div>
      {error && <ErrorNotice error={error} />}
      {end && <End end={end} />}
      {output && (
        <section className={styles.printed} aria-label={t('record.output')} tabIndex={0}>
          <pre>{output}</pre>
        </section>
      )}
    </div>
  );
}

function End({ end }: { end: NonNullable<Recording['end']> }) {
  const { t } = useTranslation('author');
  const { outcome, path } = end;
  const isWell = outcome.kind === 'exited' && outcome.code === 0;
  const what = path ? 'written' : isWell ? 'nothing' : 'broken';
  return (
    <Notice kind={isWell ? 'ok' : 'warn'} title={t(`record.${what}`)}>
      {path && <code className={styles.path}>{path}</code>}
      {path && !isWell && <p>{t('record.broke')}</p>}
      {path && <p>{t('record.review')}</p>}
    </Notice>
  );
}
