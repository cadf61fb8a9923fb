// What is wrong with a course's files, for its author: folded away, and never in a learner's way.

import { useTranslation } from 'react-i18next';
import type { CourseProblem } from '../../bindings/CourseProblem';
import { told } from '../../lib/i18n';
import styles from './CourseProblems.module.css';

export function CourseProblems({ problems }: { problems: CourseProblem[] }) {
  const { t } = useTranslation('common');
  if (problems.length === 0) return null;
  return (
    <details className={styles.problems}>
      <summary>{t('tree.problems', { count: problems.length })}</summary>
      <ul className={styles.list}>
        {problems.map(({ file, line, reason }) => (
          <li key={`${file}:${line}:${reason.en}`}>
            <code>{line === null ? file : t('tree.line', { file, line })}</code>
            <p>{told(reason)}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
