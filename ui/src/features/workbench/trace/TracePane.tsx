// What the agents of a run did, one row a step, while they do it and afterwards. A click opens what
// went in and what came out.

import { Workflow } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArmedFault } from '../../../bindings/ArmedFault';
import type { ForkAt } from '../../../bindings/ForkAt';
import type { LessonView } from '../../../bindings/LessonView';
import type { Trace } from '../../../bindings/Trace';
import { EmptyState } from '../../../components/EmptyState';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { toApiError } from '../../../lib/api-error';
import { usePlatform } from '../../../platform/context';
import { Stale } from '../inspect/Stale';
import type { RunView } from '../run/run-session';
import { isActive } from '../run/run-state';
import { CompareTable } from './CompareTable';
import { FaultMenu } from './FaultMenu';
import { ForkNote } from './ForkNote';
import { placesOf } from './fork';
import { extent, rowsOf } from './rows';
import { ServiceNotice } from './ServiceNotice';
import { SpanDetail } from './SpanDetail';
import { TraceBar } from './TraceBar';
import styles from './TracePane.module.css';
import { TraceTable } from './TraceTable';
import { useRights } from './use-rights';
import { WebNotice } from './WebNotice';

export interface TracePaneProps {
  view: RunView;
  lesson: LessonView;
  /** What goes wrong on purpose in the next run. */
  armed: ArmedFault | null;
  onArm: (fault: ArmedFault | null) => void;
  stale: boolean;
  /** Runs again, another way from a step of this run on. */
  onFork: (at: ForkAt) => void;
  onOpen: (path: string, line: number) => void;
  onSaid: (text: string) => void;
  onFailed: (thrown: unknown) => void;
}

export function TracePane(props: TracePaneProps) {
  const { view, lesson, armed, onArm, onFailed } = props;
  const { t } = useTranslation('workbench');
  const { now: rights, ask } = useRights(lesson.lesson, `${view.run.id} ${view.run.phase}`);
  const why = view.run.phase === 'idle' ? 'empty' : isActive(view.run) ? 'waiting' : 'none';
  return (
    <div className={styles.above}>
      {rights?.web && (
        <WebNotice lesson={lesson.lesson} web={rights.web} onSaid={ask} onFailed={onFailed} />
      )}
      {rights && rights.serviceAllowed !== null && (
        <ServiceNotice
          lesson={lesson.lesson}
          allowed={rights.serviceAllowed}
          onSaid={ask}
          onFailed={onFailed}
        />
      )}
      {view.trace.spans.length > 0 ? (
        <TraceView key={view.run.id} {...props} />
      ) : view.fork && view.run.end?.kind === 'failed' ? (
        <ErrorNotice error={toApiError(view.run.end.error)} />
      ) : (
        <EmptyState
          icon={<Workflow aria-hidden />}
          title={t(`trace.${why}Title`)}
          text={t(`trace.${why}Text`)}
          action={<FaultMenu armed={armed} onArm={onArm} />}
        />
      )}
    </div>
  );
}

function TraceView(props: TracePaneProps) {
  const { view, stale, armed, onArm, onFork, onOpen, onSaid, onFailed } = props;
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const { spans, version } = view.trace;
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [search, setSearch] = useState('');
  const [other, setOther] = useState<{ run: string; trace: Trace } | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is in the list
  const rows = useMemo(() => rowsOf(spans, folded, search), [spans, version, folded, search]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const whole = useMemo(() => extent(spans), [spans, version]);
  const span = spans.find(({ id }) => id === chosen) ?? null;

  const { run, fork } = view;
  const isKept = run.end?.kind === 'finished' && run.end.report.traced;
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    // The form that asked for this run went away with the older one's steps.
    if (fork) pane.current?.focus();
  }, [fork]);

  function compare(older: string) {
    if (older === '') setOther(null);
    else {
      platform.traceGet(older).then((trace) => setOther({ run: older, trace }), onFailed);
    }
  }

  function fold(id: string) {
    const next = new Set(folded);
    if (!next.delete(id)) next.add(id);
    setFolded(next);
  }

  // What is folded away or not found cannot stay chosen: its row is not there to go back to.
  useEffect(() => {
    if (chosen !== null && !rows.some((row) => row.span.id === chosen)) setChosen(null);
  }, [rows, chosen]);

  return (
    <section ref={pane} className={styles.pane} aria-label={t('trace.label')} tabIndex={-1}>
      <TraceBar
        view={view}
        armed={armed}
        onArm={onArm}
        lesson={props.lesson.lesson}
        other={other?.run ?? ''}
        onCompare={compare}
        search={search}
        onSearch={setSearch}
        onSaid={onSaid}
        onFailed={onFailed}
      />
      {stale && !isActive(view.run) && <Stale>{t('output.stale')}</Stale>}
      {fork && <ForkNote fork={fork} isCompared={other?.run === fork.run} onCompare={compare} />}
      {other ? (
        <CompareTable left={spans} right={other.trace.spans} />
      ) : (
        <div className={styles.split}>
          <TraceTable
            rows={rows}
            whole={whole}
            chosen={chosen}
            onChoose={setChosen}
            onFold={fold}
            running={isActive(view.run)}
            forkAt={fork?.span ?? null}
          />
          {span && (
            <SpanDetail
              key={span.id}
              span={span}
              parsed={parsedAfter(spans, span.id)}
              places={isKept ? placesOf(spans, span) : []}
              stale={stale}
              onFork={(change, text) => {
                if (run.id !== null) onFork({ run: run.id, span: span.id, change, text });
              }}
              onOpen={onOpen}
              onClose={() => setChosen(null)}
            />
          )}
        </div>
      )}
    </section>
  );
}

/** What the program took out of a reply: the next step of its kind before the model is asked again. */
function parsedAfter(spans: RunView['trace']['spans'], id: string) {
  const at = spans.findIndex((span) => span.id === id);
  if (spans[at]?.kind !== 'model') return null;
  for (const span of spans.slice(at + 1)) {
    if (span.kind === 'model') return null;
    if (span.kind === 'parse') return span;
  }
  return null;
}
