// The editor in the page: loads it, hands it the files, and passes on what it says. React never
// holds the text; see port.ts.

import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/Button';
import { EmptyState } from '../../../components/EmptyState';
import { afterPaint } from '../../../lib/after-paint';
import { spokenLanguage } from '../../../lib/i18n';
import type { FileEntry, WorkFiles } from '../files/work-files';
import type { Playback } from '../inspect/playback';
import { useMoment } from '../inspect/use-steps';
import type { ErrorMark } from '../output/traceback';
import styles from './CodeEditor.module.css';
import { loadEditor } from './load';
import type { CodeMark, EditorEvents, EditorLook, EditorPort } from './port';

export interface EditorHandle {
  focus(): void;
  /** Where the cursor is, from 1. */
  line(): number;
  /** Moves the cursor; `path` must be the file that is shown or will be by this render. */
  goTo(path: string, line: number): void;
}

export interface CodeEditorProps {
  files: WorkFiles;
  entries: readonly FileEntry[];
  path: string;
  look: EditorLook;
  mark: ErrorMark | null;
  findings: readonly CodeMark[];
  /** The recorded program that is being stepped through. */
  playback: Playback | null;
  events: EditorEvents;
  ref: Ref<EditorHandle>;
}

export function CodeEditor(props: CodeEditorProps) {
  const { t } = useTranslation('workbench');
  const host = useRef<HTMLDivElement>(null);
  const [port, setPort] = useState<EditorPort | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  const newest = useRef(props);
  const wish = useRef<{ path: string; line: number } | null>(null);
  useEffect(() => {
    newest.current = props;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads again
  useEffect(() => {
    const created: { port?: EditorPort; gone: boolean } = { gone: false };
    setFailure(null);
    // Reading comes first: an editor takes longer to build, and to take down, than a lesson's text
    // takes to be drawn.
    Promise.all([loadEditor(spokenLanguage()), afterPaint()])
      .then(([module]) => {
        if (created.gone || !host.current) return;
        created.port = module.createEditor(host.current, newest.current.look, {
          typed: (path, text) => newest.current.events.typed(path, text),
          blurred: () => newest.current.events.blurred(),
          left: () => newest.current.events.left(),
          tabMovesFocus: (on) => newest.current.events.tabMovesFocus(on),
          lineNumber: (path, line) => newest.current.events.lineNumber(path, line),
        });
        setPort(created.port);
      })
      .catch((thrown: unknown) => setFailure(String(thrown)));
    return () => {
      created.gone = true;
      void afterPaint().then(() => created.port?.dispose());
      setPort(null);
    };
  }, [attempt]);

  const { files, entries, path, look, mark, findings } = props;
  useEffect(() => {
    port?.sync(
      entries.map((entry) => ({
        path: entry.path,
        text: files.text(entry.path),
        readOnly: entry.origin === 'data',
      })),
    );
    port?.show(path);
    if (port && wish.current?.path === path) {
      port.reveal(wish.current.line);
      port.focus();
      wish.current = null;
    }
  }, [port, files, entries, path]);
  useEffect(() => port?.look(look), [port, look]);
  // The mark is drawn on the shown file, so another file needs it drawn again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => port?.mark(mark), [port, mark, path, entries]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file that came is marked as well
  useEffect(() => port?.findings(findings), [port, findings, entries]);

  const moment = useMoment(props.playback);
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn on the shown file, as the mark is
  useEffect(() => port?.trace(moment), [port, moment, path, entries]);

  useImperativeHandle(
    props.ref,
    () => ({
      focus: () => port?.focus(),
      line: () => port?.line() ?? 1,
      goTo(target, line) {
        if (port && target === newest.current.path) {
          port.reveal(line);
          port.focus();
        } else {
          wish.current = { path: target, line };
        }
      },
    }),
    [port],
  );

  return (
    <div className={styles.frame}>
      <div ref={host} className={styles.host} />
      {!port && failure === null && <p className={styles.loading}>{t('editor.loading')}</p>}
      {failure !== null && (
        <EmptyState
          title={t('editor.failed')}
          text={[t('editor.failedText'), failure].join(' ')}
          action={<Button onClick={() => setAttempt(attempt + 1)}>{t('editor.retry')}</Button>}
        />
      )}
    </div>
  );
}
