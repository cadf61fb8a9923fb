// The right pane of a lesson: files, editor, run and check, and what came of it. Draws what
// use-workbench.ts knows; a lesson has a workbench of its own, so nothing of one leaks into the next.

import { memo, type Ref, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { Language } from '../../bindings/Language';
import type { LessonState } from '../../bindings/LessonState';
import type { LessonView } from '../../bindings/LessonView';
import type { Settings } from '../../bindings/Settings';
import { useCodeMarks } from './code/use-code-marks';
import { useFindings } from './code/use-findings';
import { CodeEditor, type EditorHandle } from './editor/CodeEditor';
import type { EditorLook } from './editor/port';
import { tabId } from './files/FileTabs';
import { NewFile } from './files/NewFile';
import { Suggestion } from './help/Suggestion';
import { type BenchHandle, useSuggestion } from './help/use-suggestion';
import { VersionView } from './history/VersionView';
import { NeedsDocker } from './NeedsDocker';
import { Notices } from './Notices';
import { Results } from './Results';
import { SolutionView } from './solution/SolutionView';
import { useSolution } from './solution/use-solution';
import { Toolbar } from './Toolbar';
import { UpdateStrip, UpdateView, useStarterUpdates } from './update/StarterUpdates';
import { useBenchCommands } from './use-commands';
import { useLasting } from './use-lasting';
import { useWorkbench } from './use-workbench';
import styles from './Workbench.module.css';

export interface WorkbenchProps {
  lesson: LessonView;
  settings: Settings;
  /** Of the lesson, and so of the checks' sentences. */
  language: Language;
  onSettings?: (change: Partial<Settings>) => void;
  onStateChange: (state: LessonState) => void;
  /** Whether this is the lesson the learner asked for last; its keys are quiet when it is not. */
  isCurrent?: () => boolean;
  /** What the tutor may ask of the workbench. */
  handle?: Ref<BenchHandle>;
  /** Asks the tutor; without it there is none. */
  onHelp?: (kind: HelpKind) => void;
}

/** What the learner wants help with. */
export type HelpKind = 'hint' | 'error' | 'cursor';

/** The name of the lower pane's height in the settings. */
const PANE = 'workbench.results';
const PANE_DEFAULT = 38;

export const Workbench = memo(function Workbench(props: WorkbenchProps) {
  const { course, lesson } = props.lesson.lesson;
  return <Bench key={`${course}/${lesson}`} {...props} />;
});

function Bench(props: WorkbenchProps) {
  const { lesson, settings, language, onSettings, onStateChange } = props;
  const { t } = useTranslation('workbench');
  const editor = useRef<EditorHandle>(null);
  const bench = useWorkbench({
    lesson,
    language,
    onStateChange,
    editor,
    isLive: settings.liveMode,
    onLive: (liveMode) => onSettings?.({ liveMode }),
  });
  const [naming, setNaming] = useState(false);
  const [version, setVersion] = useState<string | null>(null);
  const [tabMoves, setTabMoves] = useState(false);
  const lasting = useLasting(bench.busy);
  const panel = useId();
  const look = useLook(settings, bench.path);
  const { path, files, entries } = bench;
  const suggestion = useSuggestion(props.handle, bench, editor);
  const solution = useSolution();
  const updates = useStarterUpdates(lesson.lesson, bench.replaced);
  const [updating, setUpdating] = useState<string | null>(null);
  const update = updates.updates.find((each) => each.path === updating);
  const marks = useCodeMarks(useFindings(lesson.lesson, files), language);

  const onCursor = props.onHelp && (() => props.onHelp?.('cursor'));
  useBenchCommands(bench, { newFile: () => setNaming(true), onCursor }, props.isCurrent);

  function open(target: string, line: number) {
    solution.close();
    setVersion(null);
    bench.open(target, line);
  }
  function closeVersion() {
    setVersion(null);
    editor.current?.focus();
  }

  const share = settings.panes[PANE] ?? PANE_DEFAULT;
  return (
    <section className={styles.workbench} aria-label={t('label')} data-pane="editor">
      <Toolbar
        bench={bench}
        panel={panel}
        wrap={settings.editorWrap}
        onWrap={() => onSettings?.({ editorWrap: !settings.editorWrap })}
        onNew={() => setNaming(true)}
        onCursor={onCursor}
      />
      <div className={styles.progress} data-busy={lasting !== null} aria-hidden />
      {naming && (
        <NewFile
          ending={lesson.entry.slice(lesson.entry.lastIndexOf('.'))}
          taken={entries.map((entry) => entry.path)}
          onCreate={bench.create}
          onClose={() => setNaming(false)}
        />
      )}
      {lesson.needsDocker && <NeedsDocker />}
      <Notices bench={bench} />
      <UpdateStrip updates={updates} onLook={setUpdating} />
      <Group
        className={styles.split}
        orientation="vertical"
        onLayoutChanged={(layout) => {
          const height = layout.results;
          if (height === undefined || Math.abs(height - share) < 0.5) return;
          onSettings?.({ panes: { ...settings.panes, [PANE]: Math.round(height) } });
        }}
      >
        <Panel id="editor" minSize="15%">
          <div
            id={panel}
            className={styles.editor}
            role="tabpanel"
            aria-labelledby={tabId(panel, path)}
          >
            <CodeEditor
              ref={editor}
              files={files}
              entries={entries}
              path={path}
              look={look}
              mark={bench.mark}
              findings={marks}
              playback={bench.tracing}
              events={{
                typed: bench.edited,
                blurred: () => void bench.saver.flush(),
                left: () => document.getElementById(tabId(panel, path))?.focus(),
                tabMovesFocus: setTabMoves,
                lineNumber: (at, line) => bench.tracing?.goToLine({ path: at, line }),
              }}
            />
            {tabMoves && <p className={styles.hint}>{t('editor.tabMoves')}</p>}
            {suggestion.compared && (
              <Suggestion
                {...suggestion.compared}
                look={look}
                onTake={() => suggestion.compared && suggestion.take(suggestion.compared)}
                onClose={() => {
                  suggestion.close();
                  editor.current?.focus();
                }}
              />
            )}
            {update && (
              <UpdateView
                update={update}
                look={look}
                onSettle={(choice) => void updates.settle(update.path, choice)}
                onClose={() => setUpdating(null)}
              />
            )}
            {version !== null && (
              <VersionView
                id={version}
                files={files}
                look={look}
                language={language}
                onOpen={open}
                onClose={closeVersion}
                onRestore={() => {
                  bench.restore(version);
                  closeVersion();
                }}
              />
            )}
            {solution.files && (
              <SolutionView
                files={solution.files}
                mine={files.learnerFiles()}
                look={look}
                onClose={() => {
                  solution.close();
                  editor.current?.focus();
                }}
              />
            )}
          </div>
        </Panel>
        <Separator className={styles.separator} aria-label={t('resize')} />
        <Panel id="results" minSize="12%" defaultSize={`${share}%`}>
          <Results
            bench={bench}
            lesson={lesson}
            language={language}
            version={version}
            onVersion={(id) => {
              solution.close();
              setVersion(id);
            }}
            onOpen={open}
            onHelp={props.onHelp}
            solution={solution}
          />
        </Panel>
      </Group>
    </section>
  );
}

function useLook(settings: Settings, path: string): EditorLook {
  const { t } = useTranslation('workbench');
  const { editorFontSize, editorTabSize, editorWrap, editorAccessibility } = settings;
  const label = t('editor.label', { path });
  const readOnlyMessage = t('files.readOnlyMessage');
  return useMemo(
    () => ({
      fontSize: editorFontSize,
      tabSize: editorTabSize,
      wrap: editorWrap,
      accessibility: editorAccessibility,
      label,
      readOnlyMessage,
    }),
    [editorFontSize, editorTabSize, editorWrap, editorAccessibility, label, readOnlyMessage],
  );
}
