// An error of ours in words: what happened, what it means for the learner's work, what to do, and
// the code for a report. The English detail of the core stands below, in small.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../lib/api-error';
import styles from './ErrorNotice.module.css';
import { Notice } from './Notice';

export function ErrorNotice(props: { error: ApiError; actions?: ReactNode }) {
  const { t } = useTranslation('errors');
  const { code, message, requestId } = props.error;
  return (
    <Notice kind="bad" title={t(`codes.${code}.title`)} actions={props.actions}>
      <p>{t(`codes.${code}.meaning`)}</p>
      <p>{t(`codes.${code}.action`)}</p>
      {message && (
        <p className={styles.detail} lang="en">
          {message}
        </p>
      )}
      <p className={styles.detail}>
        {requestId ? t('codeWithRequest', { code, request: requestId }) : t('code', { code })}
      </p>
    </Notice>
  );
}
