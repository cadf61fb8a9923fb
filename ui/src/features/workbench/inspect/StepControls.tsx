// Slider, buttons and speed: where in the recording one is. The slider says its own position; only
// a button's step is announced, since a drag passes hundreds of them.

import { Pause, Play, SkipBack, SkipForward, StepBack, StepForward } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../../components/announcer';
import { IconButton } from '../../../components/IconButton';
import type { Playback } from './playback';
import styles from './StepControls.module.css';
import { useMoment } from './use-steps';

/** Milliseconds from step to step. */
const SPEEDS = { slow: 1500, normal: 700, fast: 200 };
type Speed = keyof typeof SPEEDS;

export function StepControls({ playback }: { playback: Playback }) {
  const { t } = useTranslation('workbench');
  const slider = useRef<HTMLInputElement>(null);
  const { playing, setPlaying, speed, setSpeed } = usePlaying(playback);
  const position = usePosition(playback);
  useMoment(playback);
  const at = playback.live.get();
  const total = playback.replay.length;

  useEffect(() => {
    if (playback.takeFocus()) slider.current?.focus();
  }, [playback]);

  function go(to: number) {
    setPlaying(false);
    playback.go(to);
    announce(position());
  }
  function play() {
    if (!playing && at === total - 1) playback.go(0);
    setPlaying(!playing);
  }

  return (
    <div className={styles.controls}>
      <StepButton end label={t('steps.first')} off={at === 0} onClick={() => go(0)}>
        <SkipBack aria-hidden />
      </StepButton>
      <StepButton label={t('steps.previous')} off={at === 0} onClick={() => go(at - 1)}>
        <StepBack aria-hidden />
      </StepButton>
      <StepButton label={playing ? t('steps.pause') : t('steps.play')} onClick={play}>
        {playing ? <Pause aria-hidden /> : <Play aria-hidden />}
      </StepButton>
      <StepButton label={t('steps.next')} off={at === total - 1} onClick={() => go(at + 1)}>
        <StepForward aria-hidden />
      </StepButton>
      <StepButton end label={t('steps.last')} off={at === total - 1} onClick={() => go(total - 1)}>
        <SkipForward aria-hidden />
      </StepButton>
      <input
        ref={slider}
        className={styles.slider}
        type="range"
        min={1}
        max={total}
        value={at + 1}
        aria-label={t('steps.slider')}
        aria-valuetext={position()}
        onChange={(event) => {
          setPlaying(false);
          playback.go(event.target.valueAsNumber - 1);
        }}
      />
      <span className={styles.count} aria-hidden>
        {t('steps.count', { step: at + 1, total })}
      </span>
      <select
        className={styles.speed}
        aria-label={t('steps.speed')}
        value={speed}
        onChange={(event) => setSpeed(event.target.value as Speed)}
      >
        {(Object.keys(SPEEDS) as Speed[]).map((name) => (
          <option key={name} value={name}>
            {t(`steps.${name}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Says where one is: the step, of how many, and its line. */
export function usePosition(playback: Playback): () => string {
  const { t } = useTranslation('workbench');
  return () => {
    const line = playback.moment()?.place?.line ?? 0;
    return t('steps.position', {
      step: playback.live.get() + 1,
      total: playback.replay.length,
      line,
    });
  };
}

interface StepButtonProps {
  label: string;
  /** There is nowhere to go. The button keeps the focus, which a disabled one would lose. */
  off?: boolean;
  /** Goes all the way; left out where there is little room. */
  end?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function StepButton({ label, off = false, end = false, onClick, children }: StepButtonProps) {
  return (
    <IconButton
      label={label}
      className={end ? `${styles.button} ${styles.end}` : styles.button}
      aria-disabled={off}
      onClick={() => !off && onClick()}
    >
      {children}
    </IconButton>
  );
}

/** Goes on by itself until the end. Slowly for whoever asked for less motion. */
function usePlaying(playback: Playback) {
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(() =>
    window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'slow' : 'normal',
  );
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      playback.go(playback.live.get() + 1);
      if (playback.live.get() === playback.replay.length - 1) setPlaying(false);
    }, SPEEDS[speed]);
    return () => clearInterval(timer);
  }, [playing, speed, playback]);
  return { playing, setPlaying, speed, setSpeed };
}
