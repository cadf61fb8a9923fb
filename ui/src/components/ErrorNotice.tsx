// An error of ours in words: what happened, what it means for the learner's work, what to do, and
// the code for a report. The detail of the core stands below, in small: in Chinese where it has one.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../lib/api-error';
import { htmlLanguage, spokenLanguage } from '../lib/i18n';
import styles from './ErrorNotice.module.css';
import { Notice } from './Notice';

export function ErrorNotice(props: { error: ApiError; actions?: ReactNode }) {
  const { t } = useTranslation('errors');
  const { code, message, messageZh, requestId } = props.error;
  const isChinese = spokenLanguage() === 'zh' && messageZh !== undefined;
  return (
    <Notice kind="bad" title={t(`codes.${code}.title`)} actions={props.actions}>
      <p>{t(`codes.${code}.meaning`)}</p>
      <p>{t(`codes.${code}.action`)}</p>
      {message && (
        <p className={styles.detail} lang={htmlLanguage(isChinese ? 'zh' : 'en')}>
          {isChinese ? messageZh : message}
        </p>
      )}
      <p className={styles.detail}>
        {requestId ? t('codeWithRequest', { code, request: requestId }) : t('code', { code })}
      </p>
    </Notice>
  );
}
