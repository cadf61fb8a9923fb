// How a run ended, under its output: what happened, what it means, what to do, how long it took.

import { CircleAlert, CircleCheck, CircleStop } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApiError as WireError } from '../../../bindings/ApiError';
import type { RunReport } from '../../../bindings/RunReport';
import { Button } from '../../../components/Button';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { ApiError } from '../../../lib/api-error';
import { spokenLanguage } from '../../../lib/i18n';
import { durationText, engineText } from '../words';
import { useEndWords } from './end-words';
import styles from './RunFooter.module.css';
import type { ErrorMark } from './traceback';

const ICONS = { ok: CircleCheck, bad: CircleAlert, stopped: CircleStop };

/** Our failure, not the program's: said in full, with a way on. */
export function RunFailed(props: { error: WireError; onAgain: () => void }) {
  const { t } = useTranslation('workbench');
  return (
    <div className={styles.failed}>
      <ErrorNotice
        error={new ApiError(props.error)}
        actions={<Button onClick={props.onAgain}>{t('outcome.again')}</Button>}
      />
    </div>
  );
}

export function RunFooter({ report, mark }: { report: RunReport; mark: ErrorMark | null }) {
  const { t } = useTranslation('workbench');
  const words = useEndWords()(report, mark);
  const Icon = ICONS[words.kind];
  return (
    <div className={`${styles.footer} ${styles[words.kind]}`}>
      <Icon aria-hidden className={styles.icon} />
      <div className={styles.words}>
        <p>
          <span className={styles.title}>{words.title}</span>
          {report.outcome.kind !== 'refused' && (
            <span className={styles.by}>
              {t('outcome.by', {
                duration: durationText(report.durationMs, spokenLanguage()),
                engine: engineText(report.engine),
              })}
              {words.code && ` · ${words.code}`}
            </span>
          )}
        </p>
        {words.said && <p className={styles.said}>{words.said}</p>}
        {(words.meaning || words.action) && (
          <p className={styles.more}>
            {words.meaning && <span>{words.meaning}</span>}
            {words.action && <span>{words.action}</span>}
          </p>
        )}
        {!report.kept && <p>{t('outcome.notKept')}</p>}
      </div>
    </div>
  );
}
