// One check: its title and status always, its evidence when it is open.

import {
  ChevronRight,
  Circle,
  CircleCheck,
  CircleDashed,
  CircleX,
  TriangleAlert,
} from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckResult } from '../../../bindings/CheckResult';
import type { CheckStatus } from '../../../bindings/CheckStatus';
import type { Language } from '../../../bindings/Language';
import { htmlLanguage, spokenLanguage } from '../../../lib/i18n';
import { durationText } from '../words';
import styles from './CheckItem.module.css';
import { Evidence } from './Evidence';

export type ItemStatus = CheckStatus | 'waiting' | 'running';

export interface CheckItemProps {
  title: string;
  language: Language;
  status: ItemStatus;
  result: CheckResult | undefined;
  open: boolean;
  onToggle: (open: boolean) => void;
  files: readonly string[];
  onOpen: (path: string, line: number) => void;
  explain?: (printed: string) => ReactNode;
}

const ICONS = {
  waiting: Circle,
  running: CircleDashed,
  pass: CircleCheck,
  fail: CircleX,
  error: TriangleAlert,
};

export function CheckItem(props: CheckItemProps) {
  const { title, language, status, result, open } = props;
  const { t } = useTranslation('workbench');
  const details = useId();
  const Icon = ICONS[status];
  const row = (
    <>
      <Icon aria-hidden className={`${styles.icon} ${styles[status]}`} />
      <span className={styles.title} lang={htmlLanguage(language)}>
        {title}
      </span>
      {result?.task !== undefined && (
        <span className={styles.time}>{t('checks.task', { task: result.task })}</span>
      )}
      <span className={styles.status}>{t(`checks.status.${status}`)}</span>
      {result && (
        <span className={styles.time}>{durationText(result.durationMs, spokenLanguage())}</span>
      )}
    </>
  );
  const evident = result !== undefined && (result.status !== 'pass' || result.output !== '');
  if (!evident) return <li className={styles.row}>{row}</li>;
  return (
    <li>
      <button
        type="button"
        className={`${styles.row} ${styles.toggle}`}
        aria-expanded={open}
        aria-controls={details}
        onClick={() => props.onToggle(!open)}
      >
        {row}
        <ChevronRight aria-hidden className={styles.chevron} />
      </button>
      <div id={details} className={styles.details} hidden={!open}>
        {open && (
          <Evidence
            result={result}
            language={language}
            files={props.files}
            onOpen={props.onOpen}
            explain={props.explain}
          />
        )}
      </div>
    </li>
  );
}
