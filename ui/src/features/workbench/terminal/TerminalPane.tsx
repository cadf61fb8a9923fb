// The tab with a shell in a container of its own: it opens when the tab is shown for the first time and
// stays while other tabs are, until it is closed, ends, or the lesson is left.

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileText } from '../../../bindings/FileText';
import type { LessonRef } from '../../../bindings/LessonRef';
import { announce } from '../../../components/announcer';
import { Button } from '../../../components/Button';
import { DockerState } from '../../../components/DockerState';
import { EmptyState } from '../../../components/EmptyState';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { Notice } from '../../../components/Notice';
import { ApiError } from '../../../lib/api-error';
import { useEngines } from '../../../lib/engines';
import { useSettings } from '../../../lib/settings';
import { usePlatform } from '../../../platform/context';
import { loadScreen } from './load';
import styles from './TerminalPane.module.css';
import { TerminalSession, type TerminalState } from './terminal-session';

export interface TerminalPaneProps {
  lesson: LessonRef;
  /** The learner's files as they are now. */
  files: () => FileText[];
  /** Whether the tab is the one that shows. */
  shown: boolean;
}

export function TerminalPane({ lesson, files, shown }: TerminalPaneProps) {
  const { t } = useTranslation('workbench');
  const { settings } = useSettings();
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<TerminalState | null>(null);
  const isOff = settings.engine === 'wasm';
  const { report, refresh } = useEngines(shown && state === null && !isOff);
  const pool = report?.pool ?? null;
  const isReady = pool?.state === 'ready' || pool?.state === 'degraded';
  const opens = turn > 0 || (shown && isReady && !isOff);
  // Once open it stays, whatever becomes of the pool and of the tab.
  if (opens && turn === 0) setTurn(1);

  if (turn === 0) {
    if (isOff) return <EmptyState title={t('terminal.title')} text={t('terminal.off')} />;
    if (report && !pool)
      return <EmptyState title={t('terminal.title')} text={t('terminal.none')} />;
    return pool ? (
      <div className={styles.before}>
        <DockerState pool={pool} title={t('terminal.title')} onChanged={refresh} />
      </div>
    ) : null;
  }
  const again = () => {
    setState(null);
    setTurn(turn + 1);
  };
  return (
    <div className={styles.pane}>
      <Shell key={turn} lesson={lesson} files={files} onState={setState} />
      <div className={styles.foot}>
        {state?.is === 'ended' ? (
          <Ended state={state} onAgain={again} />
        ) : (
          <>
            <span>{t(state?.is === 'open' ? 'terminal.copies' : 'terminal.opening')}</span>
            <Button kind="quiet" onClick={again}>
              {t('terminal.fresh')}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function Ended(props: { state: Extract<TerminalState, { is: 'ended' }>; onAgain: () => void }) {
  const { t } = useTranslation('workbench');
  const { end } = props.state;
  const again = <Button onClick={props.onAgain}>{t('terminal.again')}</Button>;
  if (end.kind === 'failed') return <ErrorNotice error={new ApiError(end.error)} actions={again} />;
  const title =
    end.kind === 'exited' ? t('terminal.exited', { code: end.code }) : t('terminal.closed');
  return <Notice kind="info" title={title} actions={again} />;
}

interface ShellProps {
  lesson: LessonRef;
  files: () => FileText[];
  onState: (state: TerminalState) => void;
}

/** One screen and its terminal, for the life of the component. */
function Shell({ lesson, files, onState }: ShellProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const { settings } = useSettings();
  const host = useRef<HTMLDivElement>(null);
  const label = t('terminal.label');
  const tooLong = t('terminal.tooLong');

  // biome-ignore lint/correctness/useExhaustiveDependencies: a terminal lives as long as its component; what changes meanwhile is for the next one
  useEffect(() => {
    let close: (() => void) | null = null;
    let gone = false;
    const { editorFontSize: fontSize, editorAccessibility } = settings;
    const look = { fontSize, label, spoken: editorAccessibility === 'on' };
    void loadScreen().then((open) => {
      if (gone || !host.current) return;
      let session: TerminalSession | null = null;
      const screen = open(host.current, look, {
        typed: (text) => {
          if (session?.type(text) === false) announce(tooLong);
        },
        resized: (size) => session?.resize(size),
      });
      session = new TerminalSession(platform, screen, onState);
      void session.live(lesson, files());
      close = () => {
        session?.close();
        screen.dispose();
      };
    });
    return () => {
      gone = true;
      close?.();
    };
  }, []);
  return <div ref={host} className={styles.screen} data-testid="terminal-screen" />;
}
