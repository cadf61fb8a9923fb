// What Check looks at before the first check, and what it found after it: opened at the first
// problem, streamed while it goes.

import { Lightbulb, ListChecks } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckInfo } from '../../../bindings/CheckInfo';
import type { Language } from '../../../bindings/Language';
import { Button } from '../../../components/Button';
import { EmptyState } from '../../../components/EmptyState';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { Notice } from '../../../components/Notice';
import { ApiError } from '../../../lib/api-error';
import { pick } from '../../../lib/i18n';
import { keyParts } from '../../../lib/key-names';
import { Denied } from '../code/Denied';
import { CheckItem, type ItemStatus } from './CheckItem';
import styles from './ChecksPane.module.css';
import { type CheckState, firstProblem, passedCount } from './check-state';

export interface ChecksPaneProps {
  checks: readonly CheckInfo[];
  check: CheckState;
  stale: boolean;
  language: Language;
  files: readonly string[];
  onOpen: (path: string, line: number) => void;
  onCheck: () => void;
  /** Explains what a program printed that ended with an error. */
  explain: (printed: string) => ReactNode;
  /** Asks for a hint about what failed; absent where there is no tutor. */
  onHint?: () => void;
  /** Stands under the checks: the way to the solution. */
  below: ReactNode;
}

export function ChecksPane(props: ChecksPaneProps) {
  const { checks, check, language } = props;
  const { t } = useTranslation('workbench');
  // What the learner opened or closed in this round; the rest follows the results.
  const [touched, setTouched] = useState<{ id: string | null; open: Record<string, boolean> }>({
    id: null,
    open: {},
  });
  const problem = firstProblem(check);
  const list = useRef<HTMLOListElement>(null);
  const at = checks.findIndex(({ id }) => id === problem?.id);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  if (checks.length === 0) {
    return (
      <div className={styles.pane}>
        <EmptyState
          icon={<ListChecks aria-hidden />}
          title={t('checks.emptyTitle')}
          text={t('checks.emptyText')}
        />
        {props.below}
      </div>
    );
  }
  const mine = touched.id === check.id ? touched.open : {};
  return (
    <section className={styles.pane} aria-label={t('checks.label')}>
      <Summary {...props} />
      <ol className={styles.list} ref={list}>
        {checks.map((info, place) => {
          const result = check.results.find(({ id }) => id === info.id);
          const next = check.phase === 'running' && place === check.results.length;
          const status: ItemStatus = result?.status ?? (next ? 'running' : 'waiting');
          return (
            <CheckItem
              key={info.id}
              title={pick(info.title, language)}
              language={language}
              status={status}
              result={result}
              open={mine[info.id] ?? result === problem}
              onToggle={(open) => setTouched({ id: check.id, open: { ...mine, [info.id]: open } })}
              files={props.files}
              onOpen={props.onOpen}
              explain={props.explain}
            />
          );
        })}
      </ol>
      {props.below}
    </section>
  );
}

/** Rests after each hint until the next check: the way on is through one's own try. */
function Hint({ round, onHint }: { round: string | null; onHint: () => void }) {
  const { t } = useTranslation('workbench');
  const [taken, setTaken] = useState<string | null>(null);
  const rests = taken === round;
  return (
    <p className={styles.hint}>
      <Button
        icon={<Lightbulb aria-hidden />}
        disabled={rests}
        onClick={() => {
          setTaken(round);
          onHint();
        }}
      >
        {t('help.hint')}
      </Button>
      {rests && t('help.hintRests')}
    </p>
  );
}

function Summary(props: ChecksPaneProps) {
  const { checks, check, stale, language, onOpen, onCheck } = props;
  const { t } = useTranslation('workbench');
  const { report, error } = check;
  const total = checks.length;
  if (check.phase === 'idle') {
    return (
      <p className={styles.intro}>
        {t('checks.intro', { key: keyParts('Mod+Shift+Enter').join(' ') })}
      </p>
    );
  }
  if (error) {
    const again = <Button onClick={onCheck}>{t('checks.again')}</Button>;
    return <ErrorNotice error={new ApiError(error)} actions={again} />;
  }
  if (check.denied.length > 0) {
    return <Denied findings={check.denied} language={language} onOpen={onOpen} />;
  }
  if (!report) return <p className={styles.intro}>{t('checks.running')}</p>;
  return (
    <>
      {stale && <p className={styles.stale}>{t('checks.stale')}</p>}
      {report.passed ? (
        <Notice kind="ok" title={t('checks.passed', { total })} />
      ) : (
        <p className={styles.summary}>
          {report.cancelled
            ? t('checks.cancelled', { done: report.results.length, total })
            : t('checks.failed', { passed: passedCount(check), total })}
        </p>
      )}
      {!report.passed && !report.cancelled && props.onHint && (
        <Hint round={check.id} onHint={props.onHint} />
      )}
      {!report.kept && <Notice kind="warn">{t('checks.notKept')}</Notice>}
    </>
  );
}
