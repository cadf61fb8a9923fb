// The one live region: says results to screen readers ("Check failed: 2 of 5") without moving focus.

import { useSyncExternalStore } from 'react';
import styles from './announcer.module.css';

let said = { text: '', count: 0 };
const listeners = new Set<() => void>();

/** Says a text politely. The same text twice is said twice. */
export function announce(text: string): void {
  said = { text, count: said.count + 1 };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Announcer() {
  const { text, count } = useSyncExternalStore(subscribe, () => said);
  return (
    <div className={styles.hidden} role="status" aria-live="polite" data-testid="announcer">
      <span key={count}>{text}</span>
    </div>
  );
}
