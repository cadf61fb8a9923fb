// How a run ended, under its output: what happened, what it means, what to do, how long it took.

import { CircleAlert, CircleCheck, CircleStop } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunReport } from '../../../bindings/RunReport';
import { Button } from '../../../components/Button';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { ApiError } from '../../../lib/api-error';
import { spokenLanguage } from '../../../lib/i18n';
import type { RunEnd } from '../run/run-state';
import { durationText, engineText } from '../words';
import { type EndWords, useEndWords } from './end-words';
import styles from './RunFooter.module.css';
import type { ErrorMark } from './traceback';

export interface RunFooterProps {
  end: RunEnd;
  mark: ErrorMark | null;
  onAgain: () => void;
}

const ICONS = { ok: CircleCheck, bad: CircleAlert, stopped: CircleStop };

export function RunFooter({ end, mark, onAgain }: RunFooterProps) {
  const { t } = useTranslation('workbench');
  if (end.kind === 'failed') {
    return (
      <div className={styles.failed}>
        <ErrorNotice
          error={new ApiError(end.error)}
          actions={<Button onClick={onAgain}>{t('outcome.again')}</Button>}
        />
      </div>
    );
  }
  return <Finished report={end.report} mark={mark} />;
}

function Finished({ report, mark }: { report: RunReport; mark: ErrorMark | null }) {
  const { t } = useTranslation('workbench');
  const words = useEndWords()(report, mark);
  return (
    <Row words={words}>
      <span className={styles.by}>
        {t('outcome.by', {
          duration: durationText(report.durationMs, spokenLanguage()),
          engine: engineText(report.engine),
        })}
        {report.outcome.kind === 'exited' && words.code && ` · ${words.code}`}
      </span>
      {report.note && (
        <p className={styles.text} lang="en">
          {report.note}
        </p>
      )}
      {!report.kept && <p className={styles.text}>{t('outcome.notKept')}</p>}
    </Row>
  );
}

function Row({ words, children }: { words: EndWords; children: ReactNode }) {
  const Icon = ICONS[words.kind];
  return (
    <div className={`${styles.footer} ${styles[words.kind]}`}>
      <Icon aria-hidden className={styles.icon} />
      <div className={styles.words}>
        <span className={styles.title}>{words.title}</span>
        {words.meaning && <p className={styles.text}>{words.meaning}</p>}
        {words.action && <p className={styles.text}>{words.action}</p>}
        {children}
      </div>
    </div>
  );
}
