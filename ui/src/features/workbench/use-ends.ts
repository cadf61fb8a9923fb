// What happens once when a run or a round of checks comes to its end: the result is said to screen
// readers, the failing line is marked, the lesson's state is passed on.

import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckReport } from '../../bindings/CheckReport';
import type { Inspection } from '../../bindings/Inspection';
import type { Language } from '../../bindings/Language';
import { announce } from '../../components/announcer';
import { useLastAnswer } from '../../lib/engines';
import { pick } from '../../lib/i18n';
import type { CheckView } from './checks/check-session';
import { firstProblem, passedCount } from './checks/check-state';
import type { WorkFiles } from './files/work-files';
import { useEndWords } from './output/end-words';
import { type LineModel, lineText } from './output/line-model';
import { type ErrorMark, failureMark, lastError } from './output/traceback';
import type { RunView } from './run/run-session';

type SetMark = (mark: ErrorMark | null) => void;

export function useRunEnd({ run, output, quiet }: RunView, files: WorkFiles, setMark: SetMark) {
  const { t } = useTranslation(['workbench', 'errors']);
  const words = useEndWords();
  const { answered } = useLastAnswer();
  useOnce(run.end ? run.id : null, () => {
    if (run.end?.kind === 'finished' && run.end.report.outcome.kind !== 'refused') {
      answered(run.end.report);
    }
    if (quiet) {
      setMark(null);
    } else if (run.end?.kind === 'failed') {
      announce(t(`errors:codes.${run.end.error.code}.title`));
    } else if (run.denied[0]) {
      announce(t('workbench:code.denied', { name: run.denied[0].name }));
    } else if (run.end) {
      const { report } = run.end;
      // A traceback above an end that has its own reason is not that reason.
      const failed =
        report.note === null && report.outcome.kind === 'exited' && report.outcome.code !== 0;
      const mark = failed ? errorMark(run.inspection, output, pathsOf(files)) : null;
      setMark(mark);
      const { title, said, meaning } = words(report, mark);
      const more = said ?? meaning;
      announce(more ? `${title}: ${more}` : title);
    }
  });
}

export function useCheckEnd(
  { check }: CheckView,
  files: WorkFiles,
  language: Language,
  setMark: SetMark,
  onReport: (report: CheckReport) => void,
) {
  const { t } = useTranslation(['workbench', 'errors']);
  useOnce(check.phase === 'ended' ? check.id : null, () => {
    const { report, error } = check;
    if (error) {
      const title = t(`errors:codes.${error.code}.title`);
      announce(t('workbench:checks.announceError', { title }));
    }
    if (!report) return;
    onReport(report);
    const total = report.results.length;
    const problem = firstProblem(check);
    const [denied] = check.denied;
    if (denied) announce(t('workbench:code.denied', { name: denied.name }));
    else if (report.passed) announce(t('workbench:checks.announcePassed', { total }));
    else if (!problem) announce(t('workbench:checks.announceCancelled'));
    else {
      const first = pick(problem.title, language);
      const passed = passedCount(check);
      announce(t('workbench:checks.announceFailed', { passed, total, first }));
      setMark(lastError(problem.output.split('\n'), pathsOf(files)));
    }
  });
}

function errorMark(inspection: Inspection | null, output: LineModel, paths: string[]) {
  return failureMark(inspection?.failure ?? null, paths) ?? lastError(errorLines(output), paths);
}

function errorLines(output: LineModel): string[] {
  const lines: string[] = [];
  for (let at = Math.max(0, output.count - 2000); at < output.count; at += 1) {
    const line = output.line(at);
    if (line.spans.some(({ stream }) => stream === 'stderr')) lines.push(lineText(line));
  }
  return lines;
}

function pathsOf(files: WorkFiles): string[] {
  return files.list().map(({ path }) => path);
}

/** Runs `act` once for every new id. */
function useOnce(id: string | null, act: () => void) {
  const done = useRef<string | null>(null);
  useEffect(() => {
    if (id === null || done.current === id) return;
    done.current = id;
    act();
  });
}
