// A recorded program to go through step by step: what comes next, the calls that are going on with
// their variables, and what was printed by then. Needs nothing of the workbench around it.

import { Footprints } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../../components/announcer';
import { Button } from '../../../components/Button';
import { EmptyState } from '../../../components/EmptyState';
import type { RunView } from '../run/run-session';
import { endedItself, isActive } from '../run/run-state';
import { Calls } from './Calls';
import type { Playback } from './playback';
import { Stale } from './Stale';
import { StepControls, usePosition } from './StepControls';
import { StepOutput } from './StepOutput';
import { StepSentence } from './StepSentence';
import styles from './StepsPane.module.css';
import { useMoment } from './use-steps';

export interface StepsPaneProps {
  view: RunView;
  playback: Playback | null;
  /** The code is no longer what ran. */
  stale: boolean;
  onSteps: () => void;
}

export function StepsPane({ view, playback, stale, onSteps }: StepsPaneProps) {
  const { t } = useTranslation('workbench');
  const asked = view.inspect === 'steps';
  if (asked && isActive(view.run)) return <p className={styles.note}>{t('steps.recording')}</p>;
  if (playback && playback.replay.length > 0) {
    const again = <Button onClick={onSteps}>{t('steps.again')}</Button>;
    return (
      <StepsView
        playback={playback}
        notice={stale && <Stale action={again}>{t('steps.stale')}</Stale>}
      />
    );
  }
  const end = asked && view.run.end ? (endedItself(view.run) ? 'nothing' : 'unknown') : 'empty';
  return (
    <EmptyState
      icon={<Footprints aria-hidden />}
      title={t(`steps.${end}Title`)}
      text={t(`steps.${end}Text`)}
      action={<Button onClick={onSteps}>{t('steps.start')}</Button>}
    />
  );
}

const GOES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

export function StepsView({ playback, notice }: { playback: Playback; notice?: ReactNode }) {
  const { t } = useTranslation('workbench');
  const moment = useMoment(playback);
  const position = usePosition(playback);
  const at = playback.live.get();
  const last = playback.replay.length - 1;

  /** Arrows work wherever the focus is in here; the slider and the list have their own. */
  function onKeyDown(event: KeyboardEvent) {
    const go = GOES[event.key];
    const own = event.target instanceof HTMLElement && event.target.closest('input, select');
    if (!go || own || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    playback.go(go(at, last));
    announce(position());
  }

  if (!moment) return null;
  return (
    <section className={styles.pane} aria-label={t('steps.label')} onKeyDown={onKeyDown}>
      {notice}
      <StepControls playback={playback} />
      <StepSentence playback={playback} moment={moment} />
      {playback.replay.cut && at === last && <p className={styles.cut}>{t('steps.cut')}</p>}
      <div className={styles.body}>
        <Calls replay={playback.replay} moment={moment} at={at} />
        {!playback.transcript.isEmpty && (
          <StepOutput transcript={playback.transcript} printed={moment.printed} />
        )}
      </div>
    </section>
  );
}
