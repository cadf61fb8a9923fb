// Everything the workbench can do, in one place: which file is open, run, check, stop, new file,
// delete, reset, restore, undo. The page only draws what this answers.

import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArmedFault } from '../../bindings/ArmedFault';
import type { FilesChanged } from '../../bindings/FilesChanged';
import type { FileText } from '../../bindings/FileText';
import type { ForkAt } from '../../bindings/ForkAt';
import type { Language } from '../../bindings/Language';
import type { LessonFile } from '../../bindings/LessonFile';
import type { LessonState } from '../../bindings/LessonState';
import type { LessonView } from '../../bindings/LessonView';
import type { ResetTo } from '../../bindings/ResetTo';
import { announce } from '../../components/announcer';
import { type ApiError, toApiError } from '../../lib/api-error';
import { pick } from '../../lib/i18n';
import { usePlatform } from '../../platform/context';
import { CheckSession, type CheckView } from './checks/check-session';
import type { EditorHandle } from './editor/CodeEditor';
import { type LessonFiles, useFiles } from './files/use-files';
import { useStale } from './files/use-stale';
import type { Playback } from './inspect/playback';
import { usePlaybackPath, useRecording, useStepsShown } from './inspect/use-steps';
import type { ErrorMark } from './output/traceback';
import { RunSession, type RunView, USUAL } from './run/run-session';
import { isActive } from './run/run-state';
import { type Live, useLive } from './run/use-live';
import { useCheckEnd, useRunEnd } from './use-ends';

export type PaneId = 'output' | 'checks' | 'trace' | 'variables' | 'steps' | 'history' | 'terminal';

/** What the strip under the toolbar says until the next edit. */
export type BenchNotice =
  | { kind: 'undo'; text: string; undo: string }
  | { kind: 'said'; text: string }
  | { kind: 'error'; error: ApiError };

export interface Workbench extends LessonFiles {
  path: string;
  open: (path: string, line?: number) => void;
  pane: PaneId;
  show: (pane: PaneId) => void;
  run: RunView;
  runStale: boolean;
  check: CheckView;
  checkStale: boolean;
  /** The output follows the typing. */
  live: Live & { toggle: () => void };
  busy: 'run' | 'check' | null;
  mark: ErrorMark | null;
  /** The steps of the last run, if they were recorded. */
  playback: Playback | null;
  /** The same while it shows in the editor: its pane is open and the code is what ran. */
  tracing: Playback | null;
  notice: BenchNotice | null;
  hasPassedVersion: boolean;
  /** Whether the program's variables and steps can be shown: Python's alone can. */
  hasInside: boolean;
  /** Grows whenever the history may have a new entry. */
  turn: number;
  session: RunSession;
  startRun: () => void;
  /** Runs again, another way from a step of an older run on. */
  forkRun: (at: ForkAt) => void;
  /** Runs and records every step. */
  startSteps: () => void;
  startCheck: () => void;
  stop: () => void;
  edited: (path: string, text: string) => void;
  create: (path: string) => void;
  remove: (path: string) => void;
  reset: (to: ResetTo) => void;
  restore: (id: string) => void;
  /** The files are others on the other side, and what was there before is in the history. */
  replaced: (files: readonly LessonFile[]) => void;
  undo: () => void;
  dismiss: () => void;
  /** What goes wrong on purpose in the next run. */
  armed: ArmedFault | null;
  arm: (fault: ArmedFault | null) => void;
  /** Says a sentence, in the strip and to screen readers. */
  say: (text: string) => void;
  /** Says what went wrong. */
  failed: (thrown: unknown) => void;
  saveNow: () => void;
  saveOutput: (text: string) => void;
  /** Writes the files for somebody else. */
  share: () => void;
  /** Puts them on the clipboard, as Markdown. */
  copyMarkdown: () => void;
}

export interface WorkbenchInput {
  lesson: LessonView;
  language: Language;
  onStateChange: (state: LessonState) => void;
  editor: RefObject<EditorHandle | null>;
  isLive: boolean;
  onLive: (on: boolean) => void;
}

export function useWorkbench({ lesson, language, ...input }: WorkbenchInput): Workbench {
  const platform = usePlatform();
  const { t } = useTranslation('workbench');
  const held = useFiles(lesson.lesson, lesson.files);
  const { files, saver } = held;
  const [chosen, setChosen] = useState(lesson.entry);
  const [pane, show] = useState<PaneId>('output');
  const [mark, setMark] = useState<ErrorMark | null>(null);
  const [notice, setNotice] = useState<BenchNotice | null>(null);
  const [turn, setTurn] = useState(0);
  const [armed, arm] = useState<ArmedFault | null>(null);
  const [passedHere, setPassedHere] = useState(false);
  const [session] = useState(() => new RunSession(platform, lesson.lesson));
  const [checker] = useState(() => new CheckSession(platform, lesson.lesson));
  const run = useSyncExternalStore(session.live.subscribe, session.live.get);
  const check = useSyncExternalStore(checker.live.subscribe, checker.live.get);
  const live = useLive(input.isLive, lesson.lesson, session, files);
  const isOld = useStale(files, run.run.id, run.files);
  // While the typing is followed, the output is old only when it cannot follow.
  const runStale = isOld && (!live.on || live.note !== null);
  const checkStale = useStale(files, check.check.id, check.files);
  const busy = isActive(run.run) ? 'run' : check.check.phase === 'running' ? 'check' : null;
  // A file that went away leaves the one that runs.
  const path = held.entries.some((entry) => entry.path === chosen) ? chosen : lesson.entry;

  useEffect(() => {
    return () => {
      session.stop();
      checker.stop();
    };
  }, [session, checker]);
  const playback = useRecording(run);
  useStepsShown(run, playback, show);
  const tracing = pane === 'steps' && !runStale ? playback : null;
  const traced = usePlaybackPath(tracing);
  useEffect(() => {
    if (traced !== null) setChosen(traced);
  }, [traced]);
  useRunEnd(run, files, setMark);
  useCheckEnd(check, files, language, setMark, (report) => {
    if (report.passed) setPassedHere(true);
    input.onStateChange(report.state);
  });

  function open(target: string, line?: number) {
    setChosen(target);
    if (line !== undefined) input.editor.current?.goTo(target, line);
  }

  /** Shows a sentence and says it to screen readers. */
  function say(text: string) {
    announce(text);
    setNotice({ kind: 'said', text });
  }

  /** Both start the same way: nothing else runs, the texts are being saved, old marks are gone. */
  function start(target: PaneId, begin: (id: string, texts: FileText[]) => void) {
    if (busy) {
      announce(t('busy'));
      return;
    }
    live.stop();
    void saver.flush();
    show(target);
    setMark(null);
    setNotice((old) => (old?.kind === 'undo' ? old : null));
    begin(crypto.randomUUID(), files.learnerFiles());
  }

  /** Changes files on the other side. What is thrown away must be stored there first. */
  async function change(call: () => Promise<FilesChanged>, text: string | null) {
    try {
      if (!(await saver.flush())) return;
      const changed = await call();
      held.replace(changed.files);
      setMark(null);
      setTurn((old) => old + 1);
      say(text ?? t('undo.done'));
      if (text !== null) setNotice({ kind: 'undo', text, undo: changed.undo });
    } catch (thrown) {
      setNotice({ kind: 'error', error: toApiError(thrown) });
    }
  }

  return {
    ...held,
    path,
    open,
    pane,
    show,
    run,
    runStale,
    check,
    checkStale,
    live: {
      ...live,
      toggle() {
        announce(t(live.on ? 'live.off' : 'live.on'));
        input.onLive(!live.on);
      },
    },
    busy,
    mark,
    playback,
    tracing,
    notice,
    session,
    turn,
    hasPassedVersion: lesson.hasPassedVersion || passedHere,
    hasInside: lesson.entry.endsWith('.py'),
    armed,
    arm,
    startRun: () =>
      start(armed ? 'trace' : 'output', (id, texts) => {
        session.start(id, texts, 'variables', { ...USUAL, faults: armed ? [armed] : [] });
        arm(null);
      }),
    forkRun: (fork) =>
      start('trace', (id, texts) => session.start(id, texts, 'variables', { ...USUAL, fork })),
    startSteps: () => start('steps', (id, texts) => session.start(id, texts, 'steps')),
    startCheck: () => start('checks', (id, texts) => checker.start(id, texts, language)),
    stop() {
      session.stop();
      checker.stop();
    },
    edited(target, text) {
      if (!held.typed(target, text)) return;
      setMark(null);
      setNotice((old) => (old?.kind === 'error' ? old : null));
    },
    create(target) {
      files.add(target, '');
      saver.changed(lesson.lesson, target, '');
      void saver.flush();
      setChosen(target);
      input.editor.current?.goTo(target, 1);
    },
    remove: (target) =>
      void change(
        () => platform.draftDelete(lesson.lesson, target),
        t('undo.deleted', { path: target }),
      ),
    reset: (to) => void change(() => platform.lessonReset(lesson.lesson, to), t(`undo.${to}`)),
    restore: (id) => void change(() => platform.historyRestore(id), t('undo.restored')),
    replaced(next) {
      held.replace(next);
      setMark(null);
      setTurn((old) => old + 1);
    },
    undo() {
      if (notice?.kind !== 'undo') return;
      const { undo } = notice;
      void change(() => platform.historyRestore(undo), null);
    },
    dismiss: () => setNotice(null),
    say,
    failed: (thrown) => setNotice({ kind: 'error', error: toApiError(thrown) }),
    saveNow: () => void saver.flush().then((stored) => stored && say(t('save.already'))),
    share() {
      void saver.flush().then(async (stored) => {
        if (!stored) return;
        try {
          say(t('share.saved', { path: await platform.codeShare(lesson.lesson) }));
        } catch (thrown) {
          setNotice({ kind: 'error', error: toApiError(thrown) });
        }
      });
    },
    copyMarkdown() {
      const text = asMarkdown(
        `${lesson.number} ${pick(lesson.title, language)}`,
        files.learnerFiles(),
      );
      navigator.clipboard.writeText(text).then(
        () => say(t('share.copied')),
        () => say(t('share.notCopied')),
      );
    },
    saveOutput(text) {
      platform.outputSave(lesson.lesson, text).then(
        (at) => say(t('output.savedAt', { path: at })),
        (thrown) => setNotice({ kind: 'error', error: toApiError(thrown) }),
      );
    },
  };
}

const FENCES: Readonly<Record<string, string>> = { py: 'python', js: 'javascript', go: 'go' };

/** Files under a title, each a block of code in a fence that nothing in it closes. */
export function asMarkdown(title: string, files: readonly FileText[]): string {
  const blocks = files.map(({ path, text }) => {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const fence = '`'.repeat(longest + 1);
    const language = FENCES[path.slice(path.lastIndexOf('.') + 1)] ?? '';
    return `\`${path}\`\n\n${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}\n`;
  });
  return [`## ${title}\n`, ...blocks].join('\n');
}
