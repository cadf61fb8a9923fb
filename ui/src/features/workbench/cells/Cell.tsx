// Under a block of a lesson that runs where it stands: Run, Step through, and what came of it.
// Every run of it is fresh and none is kept: the history is for the learner's own files.

import { Footprints, Play, Square } from 'lucide-react';
import { type CSSProperties, useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../../bindings/LessonRef';
import { Button } from '../../../components/Button';
import { usePlatform } from '../../../platform/context';
import type { Playback } from '../inspect/playback';
import { StepsView } from '../inspect/StepsPane';
import { useMoment, useRecording } from '../inspect/use-steps';
import { RunSession } from '../run/run-session';
import { isActive } from '../run/run-state';
import { useLasting } from '../use-lasting';
import styles from './Cell.module.css';
import { CellOutput } from './CellOutput';
import { type Block, programOf } from './program';

export interface CellProps {
  lesson: LessonRef;
  block: Block;
  /** Where the line that a recorded run is at is marked. */
  lines: HTMLElement;
}

export function Cell({ lesson, block, lines }: CellProps) {
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
    session.start(crypto.randomUUID(), programOf(block), inspect);
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
}

/** Lies over the line that is about to run. */
function LineMark({ playback }: { playback: Playback }) {
  const place = useMoment(playback)?.place;
  if (!place) return null;
  const style = { '--at': place.line - 1 } as CSSProperties;
  return <div data-line={place.line} className={styles.mark} style={style} />;
}
