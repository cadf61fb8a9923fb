// The recording of the last run as something to go through, and which pane it needs to be seen:
// its steps once they are there, the output while the program asks for something.

import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { RunView } from '../run/run-session';
import { Playback } from './playback';
import type { Moment } from './replay';

export function useRecording(view: RunView): Playback | null {
  const { run, files, transcript } = view;
  const recording = run.inspection?.recording ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: files and transcript are the recording's
  return useMemo(() => recording && new Playback(recording, files, transcript), [recording]);
}

/** Shows the steps when they come, and before that a program's question. */
export function useStepsShown(
  view: RunView,
  playback: Playback | null,
  show: (pane: 'output' | 'steps') => void,
): void {
  const asks = view.inspect === 'steps' && view.run.waiting;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the program does moves the page
  useEffect(() => {
    if (asks) show('output');
  }, [asks]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    if (playback) show('steps');
  }, [playback]);
}

const nothing = () => null;
const never = () => () => undefined;

/** The moment that is shown now. */
export function useMoment(playback: Playback | null): Moment | null {
  return useSyncExternalStore(playback?.live.subscribe ?? never, playback?.moment ?? nothing);
}

/** The file the recorded program is in now. */
export function usePlaybackPath(playback: Playback | null): string | null {
  const path = playback ? () => playback.moment()?.place?.path ?? null : nothing;
  return useSyncExternalStore(playback?.live.subscribe ?? never, path);
}
