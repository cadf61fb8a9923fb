// The proof that a course works: every lesson with what came of it, and every problem with its file
// and line.

import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AuthorCourse } from '../../bindings/AuthorCourse';
import type { CourseProblem } from '../../bindings/CourseProblem';
import type { Language } from '../../bindings/Language';
import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { ProgressBar } from '../../components/ProgressBar';
import { pick, told } from '../../lib/i18n';
import styles from './Author.module.css';
import type { Author, Proof } from './use-author';

export interface ProofViewProps {
  author: Author;
  course: AuthorCourse;
  language: Language;
}

export function ProofView({ author, course, language }: ProofViewProps) {
  const { t } = useTranslation('author');
  const { proof } = author;
  const isRunning = proof?.state === 'running';
  const done = proof?.lessons.length ?? 0;
  const total = course.lessons.length;
  return (
    <div className={styles.panel}>
      <div className={styles.row}>
        <Button kind="primary" disabled={isRunning} onClick={author.check}>
          {t('proof.start')}
        </Button>
        {isRunning && <Button onClick={author.stop}>{t('proof.stop')}</Button>}
        <p className={styles.muted}>{t('proof.what')}</p>
      </div>
      {isRunning && (
        <ProgressBar label={t('proof.running', { done, total })} done={done} total={total} />
      )}
      {proof && proof.state !== 'running' && <Sum proof={proof} />}
      <Problems problems={proof?.problems ?? course.problems} />
      <ol className={styles.lessons}>
        {course.lessons.map((lesson) => {
          const found = proof?.lessons.find((each) => each.lesson === lesson.id);
          return (
            <li key={lesson.id} className={styles.lesson}>
              <Mark problems={found?.problems} />
              <div className={styles.grow}>
                <p>
                  <span className={styles.number}>{lesson.number}</span>{' '}
                  {pick(lesson.title, language)}
                  {found && (
                    <span className={styles.muted}>
                      {' '}
                      {t('proof.counts', { checks: found.checks, cells: found.cells.length })}
                    </span>
                  )}
                </p>
                {lesson.languages.length < 2 && (
                  <p className={styles.muted}>
                    {t(lesson.languages[0] === 'zh' ? 'proof.onlyZh' : 'proof.onlyEn')}
                  </p>
                )}
                <Problems problems={found?.problems ?? []} />
              </div>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Sum({ proof }: { proof: Proof }) {
  const { t } = useTranslation('author');
  const all = [...proof.problems, ...proof.lessons.flatMap(({ problems }) => problems)];
  if (proof.state === 'stopped') return <Notice kind="info">{t('proof.stopped')}</Notice>;
  if (all.length === 0) return <Notice kind="ok" title={t('proof.right')} />;
  return <Notice kind="warn" title={t('proof.wrong', { count: all.length })} />;
}

/** Not put through yet, right, or with problems; never by colour alone. */
function Mark({ problems }: { problems: CourseProblem[] | undefined }) {
  const { t } = useTranslation('author');
  if (!problems) return <CircleDashed className={styles.waits} aria-label={t('proof.waits')} />;
  if (problems.length > 0)
    return <CircleAlert className={styles.bad} aria-label={t('proof.bad')} />;
  return <CircleCheck className={styles.ok} aria-label={t('proof.ok')} />;
}

function Problems({ problems }: { problems: CourseProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems}>
      {problems.map(({ file, line, reason }) => (
        <li key={`${file} ${line} ${reason.en}`}>
          <code>{line === null ? file : `${file}:${line}`}</code>
          <span>{told(reason)}</span>
        </li>
      ))}
    </ul>
  );
}
