// What a cell printed, asked and came to: in the middle of a text, so it is as short as it can be.

import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../lib/i18n';
import { Denied } from '../code/Denied';
import { OutputLines } from '../output/OutputLines';
import pane from '../output/OutputPane.module.css';
import { PromptLine } from '../output/PromptLine';
import { RunFailed } from '../output/RunFooter';
import type { RunView } from '../run/run-session';
import { isActive } from '../run/run-state';
import styles from './Cell.module.css';
import { useCellEnd } from './use-cell-end';

export interface CellOutputProps {
  view: RunView;
  onLine: (line: string) => void;
  onEndInput: () => void;
  onStop: () => void;
  onAgain: () => void;
}

/** A cell is no file one could go to. */
const NO_FILES: readonly string[] = [];
const nowhere = () => undefined;

export function CellOutput({ view, ...on }: CellOutputProps) {
  const { run, output } = view;
  const { t } = useTranslation('workbench');
  const scroller = useRef<HTMLElement>(null);
  const end = useCellEnd(view);
  if (run.phase === 'idle') return null;
  const prompt = run.waiting && output.open ? output.line(output.count - 1) : null;
  const isSilent =
    !isActive(run) && output.count === 0 && run.end?.kind === 'finished' && run.denied.length === 0;
  return (
    <>
      <section
        ref={scroller}
        className={`${pane.palette} ${styles.output}`}
        aria-label={t('cell.output')}
        tabIndex={0}
      >
        {run.phase === 'preparing' && <p className={styles.note}>{t('output.preparing')}</p>}
        <OutputLines
          model={output}
          count={output.count - (prompt ? 1 : 0)}
          files={NO_FILES}
          onOpen={nowhere}
          scroller={scroller}
        />
        {run.waiting && (
          <PromptLine
            key={run.prompts}
            prompt={prompt}
            onLine={on.onLine}
            onEnd={on.onEndInput}
            onStop={on.onStop}
          />
        )}
        {run.denied.length > 0 && <Denied findings={run.denied} language={spokenLanguage()} />}
        {isSilent && <p className={styles.note}>{t('output.silent')}</p>}
      </section>
      {end && <p className={styles.end}>{end}</p>}
      {run.end?.kind === 'failed' && <RunFailed error={run.end.error} onAgain={on.onAgain} />}
    </>
  );
}
