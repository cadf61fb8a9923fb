// Whether a recording goes on, which asks the live model: whoever records says so, and the chip of the
// model shows it wherever one is.

import { useSyncExternalStore } from 'react';

let going = false;
const listeners = new Set<() => void>();

export function setRecording(on: boolean): void {
  going = on;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useIsRecording(): boolean {
  return useSyncExternalStore(subscribe, () => going);
}
