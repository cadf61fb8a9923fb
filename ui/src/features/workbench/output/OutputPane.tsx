// The output of the last run: lines, the line a program waits for, how it ended.

import { ArrowDown, Copy, Download, Ellipsis, Play, Zap } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../../bindings/Language';
import { announce } from '../../../components/announcer';
import { Button } from '../../../components/Button';
import { EmptyState } from '../../../components/EmptyState';
import { IconButton } from '../../../components/IconButton';
import { Menu } from '../../../components/Menu';
import { useFollow } from '../../../lib/follow';
import { keyParts } from '../../../lib/key-names';
import { Denied } from '../code/Denied';
import type { LiveNote } from '../run/live-runner';
import type { RunView } from '../run/run-session';
import { isActive } from '../run/run-state';
import { LiveNoteLine } from './LiveNoteLine';
import { OutputLines } from './OutputLines';
import styles from './OutputPane.module.css';
import { PromptLine } from './PromptLine';
import { RunFailed, RunFooter } from './RunFooter';
import type { ErrorMark } from './traceback';

export interface OutputPaneProps {
  view: RunView;
  stale: boolean;
  /** Why live mode could not follow; it shows the output as the older one that it is. */
  live: LiveNote | null;
  mark: ErrorMark | null;
  /** Of the lesson, and so of its author's words. */
  language: Language;
  /** Files a traceback may link to. */
  files: readonly string[];
  onOpen: (path: string, line: number) => void;
  onRun: () => void;
  onStop: () => void;
  onLine: (line: string) => void;
  onEndInput: () => void;
  /** Under a program that ended with an error. */
  help?: ReactNode;
}

export function OutputPane(props: OutputPaneProps) {
  const { view, stale, live, mark, files } = props;
  const { run, output, version } = view;
  const { t } = useTranslation('workbench');
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { away, onScroll, onGesture, toEnd } = useFollow(scroller, content, run.id, version);

  if (run.phase === 'idle') {
    const key = keyParts('Mod+Enter').join(' ');
    const nothing = (
      <EmptyState
        icon={<Play aria-hidden />}
        title={t('output.emptyTitle')}
        text={t('output.emptyText', { key })}
      />
    );
    if (!live) return nothing;
    return (
      <>
        <LiveNoteLine note={live} />
        {nothing}
      </>
    );
  }
  const prompt = run.waiting && output.open ? output.line(output.count - 1) : null;
  return (
    <div className={`${styles.palette} ${styles.pane}`}>
      {live && !isActive(run) && <LiveNoteLine note={live} />}
      {stale && !live && !isActive(run) && (
        <p className={styles.stale}>
          <span className={styles.staleMark}>{t('output.staleMark')}</span>
          {t('output.stale')}
        </p>
      )}
      <section
        ref={scroller}
        className={live && stale ? `${styles.scroller} ${styles.old}` : styles.scroller}
        onScroll={onScroll}
        onWheel={onGesture}
        onKeyDown={onGesture}
        onPointerDown={onGesture}
        onPointerMove={(event) => event.buttons > 0 && onGesture()}
        aria-label={t('output.label')}
        tabIndex={0}
      >
        <div ref={content}>
          {run.phase === 'preparing' && <p className={styles.note}>{t('output.preparing')}</p>}
          <OutputLines
            model={output}
            count={output.count - (prompt ? 1 : 0)}
            files={files}
            onOpen={props.onOpen}
            scroller={scroller}
          />
          {run.waiting && (
            <PromptLine
              key={run.prompts}
              prompt={prompt}
              onLine={props.onLine}
              onEnd={props.onEndInput}
              onStop={props.onStop}
            />
          )}
          {run.denied.length > 0 && (
            <Denied findings={run.denied} language={props.language} onOpen={props.onOpen} />
          )}
          {run.end?.kind === 'finished' && run.denied.length === 0 && output.count === 0 && (
            <p className={styles.note}>{t('output.silent')}</p>
          )}
          {run.end?.kind === 'failed' && <RunFailed error={run.end.error} onAgain={props.onRun} />}
        </div>
      </section>
      {away && (
        <Button className={styles.bottom} icon={<ArrowDown aria-hidden />} onClick={toEnd}>
          {t('output.bottom')}
        </Button>
      )}
      {run.end?.kind === 'finished' && <RunFooter report={run.end.report} mark={mark} />}
      {run.end?.kind === 'finished' && mark && props.help}
    </div>
  );
}

/** Live mode, Copy and Save, for the end of the row of tabs. In a narrow row they are one menu. */
export interface OutputActionsProps {
  view: RunView;
  live: { on: boolean; toggle: () => void };
  onSave: (text: string) => void;
}

export function OutputActions(props: OutputActionsProps) {
  const { t } = useTranslation('workbench');
  const { output } = props.view;
  function copy() {
    navigator.clipboard.writeText(output.text()).then(
      () => announce(t('output.copied')),
      () => announce(t('output.copyFailed')),
    );
  }
  const save = () => props.onSave(output.text());
  const isEmpty = output.count === 0;
  return (
    <>
      <div className={styles.actions}>
        <IconButton
          label={t('live.label')}
          aria-pressed={props.live.on}
          onClick={props.live.toggle}
        >
          <Zap aria-hidden />
        </IconButton>
        <IconButton label={t('output.copy')} disabled={isEmpty} onClick={copy}>
          <Copy aria-hidden />
        </IconButton>
        <IconButton label={t('output.save')} disabled={isEmpty} onClick={save}>
          <Download aria-hidden />
        </IconButton>
      </div>
      <div className={styles.folded}>
        <Menu
          trigger={
            <IconButton label={t('output.actions')} aria-pressed={props.live.on}>
              {props.live.on ? <Zap aria-hidden /> : <Ellipsis aria-hidden />}
            </IconButton>
          }
          items={[
            {
              id: 'live',
              label: t('commands.live'),
              icon: <Zap aria-hidden />,
              onSelect: props.live.toggle,
            },
            {
              id: 'copy',
              label: t('output.copy'),
              icon: <Copy aria-hidden />,
              disabled: isEmpty,
              onSelect: copy,
            },
            {
              id: 'save',
              label: t('output.save'),
              icon: <Download aria-hidden />,
              disabled: isEmpty,
              onSelect: save,
            },
          ]}
        />
      </div>
    </>
  );
}
