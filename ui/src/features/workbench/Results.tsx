// Under the editor: what the program said, what the checks found, what was before.

import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileText } from '../../bindings/FileText';
import type { Language } from '../../bindings/Language';
import type { LessonView } from '../../bindings/LessonView';
import { Tabs } from '../../components/Tabs';
import { useSteady } from '../../lib/steady';
import { ChecksPane } from './checks/ChecksPane';
import { passedCount } from './checks/check-state';
import { ErrorHelp } from './help/ErrorHelp';
import { HistoryPane } from './history/HistoryPane';
import { StepsPane } from './inspect/StepsPane';
import { VariablesPane } from './inspect/VariablesPane';
import { OutputActions, OutputPane } from './output/OutputPane';
import { SolutionOffer } from './solution/SolutionOffer';
import type { SolutionState } from './solution/use-solution';
import { TerminalPane } from './terminal/TerminalPane';
import { TracePane } from './trace/TracePane';
import type { PaneId, Workbench } from './use-workbench';
import type { HelpKind } from './Workbench';

/** What only Python's programs show. */
const INSIDE: readonly string[] = ['variables', 'steps'];

export interface ResultsProps {
  bench: Workbench;
  lesson: LessonView;
  language: Language;
  version: string | null;
  onVersion: (id: string) => void;
  onOpen: (path: string, line: number) => void;
  onHelp?: (kind: HelpKind) => void;
  solution: SolutionState;
}

export function Results(props: ResultsProps) {
  const { bench, lesson, language, version, onVersion, onOpen, onHelp } = props;
  const { t } = useTranslation('workbench');
  const { run, check, session } = bench;
  const paths = useMemo(() => bench.entries.map(({ path }) => path), [bench.entries]);
  const open = useSteady(onOpen);
  const total = lesson.checks.length;
  const explain = (key: string | null, printed: () => string, files: readonly FileText[]) => (
    <ErrorHelp
      key={key}
      lesson={lesson.lesson}
      language={language}
      printed={printed}
      files={files}
      onOpen={open}
      onAsk={onHelp && key !== null ? () => onHelp('error') : undefined}
    />
  );
  useFocusBack(run.run.waiting, bench.busy);
  return (
    <Tabs
      label={t('tabs.label')}
      value={bench.pane}
      onChange={(id) => bench.show(id as PaneId)}
      end={
        bench.pane === 'output' && (
          <OutputActions view={run} live={bench.live} onSave={bench.saveOutput} />
        )
      }
      tabs={[
        {
          id: 'output',
          label: t('tabs.output'),
          mark: run.run.end && bench.runStale ? t('output.staleMark') : undefined,
          keep: true,
          content: (
            <OutputPane
              view={run}
              stale={bench.runStale}
              live={bench.live.note}
              mark={bench.mark}
              language={language}
              files={paths}
              onOpen={open}
              onRun={bench.startRun}
              onStop={bench.stop}
              onLine={(line) => session.input(line)}
              onEndInput={() => session.endInput()}
              help={explain(run.run.id, () => run.output.text(), run.files)}
            />
          ),
        },
        {
          id: 'checks',
          label: t('tabs.checks'),
          mark:
            check.check.report && check.check.denied.length === 0
              ? `${passedCount(check.check)}/${total}`
              : undefined,
          // A hint that was taken rests until the next check, whatever is looked at meanwhile.
          keep: check.check.report !== null,
          content: (
            <ChecksPane
              checks={lesson.checks}
              check={check.check}
              stale={bench.checkStale}
              language={language}
              files={paths}
              onOpen={open}
              onCheck={bench.startCheck}
              explain={(printed) => explain(null, () => printed, check.files)}
              onHint={onHelp && (() => onHelp('hint'))}
              below={
                <SolutionOffer
                  lesson={lesson.lesson}
                  turn={`${check.check.id}${check.check.phase}`}
                  solution={props.solution}
                />
              }
            />
          ),
        },
        {
          id: 'trace',
          label: t('tabs.trace'),
          mark: run.trace.spans.length > 0 ? run.trace.spans.length : undefined,
          content: (
            <TracePane
              view={run}
              lesson={lesson}
              armed={bench.armed}
              onArm={bench.arm}
              onFork={bench.forkRun}
              stale={bench.runStale}
              onOpen={open}
              onSaid={bench.say}
              onFailed={bench.failed}
            />
          ),
        },
        {
          id: 'variables',
          label: t('tabs.variables'),
          content: <VariablesPane run={run.run} stale={bench.runStale} />,
        },
        {
          id: 'steps',
          label: t('tabs.steps'),
          content: (
            <StepsPane
              view={run}
              playback={bench.playback}
              stale={bench.runStale}
              onSteps={bench.startSteps}
            />
          ),
        },
        {
          id: 'history',
          label: t('tabs.history'),
          content: (
            <HistoryPane
              lesson={lesson.lesson}
              turn={`${run.run.id}${run.run.phase}${check.check.id}${check.check.phase}${bench.turn}`}
              chosen={version}
              onChoose={onVersion}
            />
          ),
        },
        {
          id: 'terminal',
          label: t('tabs.terminal'),
          keep: true,
          ownFocus: true,
          content: (
            <TerminalPane
              lesson={lesson.lesson}
              files={() => bench.files.learnerFiles()}
              shown={bench.pane === 'terminal'}
            />
          ),
        },
      ].filter(({ id }) => bench.hasInside || !INSIDE.includes(id))}
    />
  );
}

/** A program's question took the focus from somewhere; it goes back there when the program ends. */
function useFocusBack(waiting: boolean, busy: Workbench['busy']) {
  const from = useRef<Element | null>(null);
  if (waiting && !from.current) from.current = document.activeElement;
  useEffect(() => {
    if (busy || !from.current) return;
    const target = from.current;
    from.current = null;
    const lost = !document.activeElement || document.activeElement === document.body;
    if (lost && target instanceof HTMLElement && target.isConnected) target.focus();
  }, [busy]);
}
