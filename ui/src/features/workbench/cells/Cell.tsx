// Under a block of a lesson that runs where it stands: Run, Step through, and what came of it.
// Every run of it is fresh and none is kept: the history is for the learner's own files.

import { Footprints, Play, Square } from 'lucide-react';
import { type CSSProperties, memo, useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../../bindings/LessonRef';
import { Button } from '../../../components/Button';
import { usePlatform } from '../../../platform/context';
import type { Playback } from '../inspect/playback';
import { StepsView } from '../inspect/StepsPane';
import { useMoment, useRecording } from '../inspect/use-steps';
import { RunSession, USUAL } from '../run/run-session';
import { isActive } from '../run/run-state';
import { useLasting } from '../use-lasting';
import styles from './Cell.module.css';
import { CellOutput } from './CellOutput';

/** A block of a lesson that runs. */
export interface Block {
  /** Its text as it is now. */
  readonly read: () => string;
  /** The texts of the blocks it comes after; none when it stands for itself. */
  readonly before: readonly string[];
}

/** What its text is called while it runs. */
const FILE = 'main.py';

export interface CellProps {
  lesson: LessonRef;
  block: Block;
  /** Where the line that a recorded run is at is marked. */
  lines: HTMLElement;
}

/** Drawn again for nothing but its own: a long text has dozens. */
export const Cell = memo(function Cell({ lesson, block, lines }: CellProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const [session] = useState(() => new RunSession(platform, lesson, false));
  const view = useSyncExternalStore(session.live.subscribe, session.live.get);
  const playback = useRecording(view);
  const active = isActive(view.run);
  const lasting = useLasting(active ? 'run' : null);
  useEffect(() => () => session.stop(), [session]);

  function start(inspect: 'variables' | 'steps') {
    if (active) return;
    const files = [{ path: FILE, text: block.read() }];
    const before = [...block.before];
    session.start(crypto.randomUUID(), files, inspect, { ...USUAL, before });
  }

  return (
    <div className={styles.cell}>
      <div className={styles.bar}>
        <Button
          data-cell-run
          kind={lasting ? 'danger' : 'plain'}
          icon={lasting ? <Square aria-hidden fill="currentColor" /> : <Play aria-hidden />}
          onClick={() => (lasting ? session.stop() : start('variables'))}
        >
          {lasting ? t('actions.stop') : t('actions.run')}
        </Button>
        <Button
          kind="quiet"
          icon={<Footprints aria-hidden />}
          disabled={lasting !== null}
          onClick={() => start('steps')}
        >
          {t('steps.start')}
        </Button>
      </div>
      {playback && playback.replay.length > 0 ? (
        <div className={styles.steps}>
          <StepsView playback={playback} />
          {createPortal(<LineMark playback={playback} />, lines)}
        </div>
      ) : (
        <CellOutput
          view={view}
          onLine={(line) => session.input(line)}
          onEndInput={() => session.endInput()}
          onStop={() => session.stop()}
          onAgain={() => start('variables')}
        />
      )}
    </div>
  );
});

/** Lies over the line that is about to run, while the program is in the block itself. */
function LineMark({ playback }: { playback: Playback }) {
  const place = useMoment(playback)?.place;
  if (place?.path !== FILE) return null;
  const style = { '--at': place.line - 1 } as CSSProperties;
  return <div data-line={place.line} className={styles.mark} style={style} />;
}
