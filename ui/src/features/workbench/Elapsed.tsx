// Seconds since something began, while it goes on. Hidden from screen readers: it never stops.

import { useEffect, useState } from 'react';
import { spokenLanguage } from '../../lib/i18n';
import styles from './Workbench.module.css';
import { secondsText } from './words';

/** Shorter than this, a number would only flicker. */
const SHOW_AFTER_MS = 400;

export function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const elapsed = now - since;
  if (elapsed < SHOW_AFTER_MS) return null;
  return (
    <span className={styles.elapsed} aria-hidden>
      {secondsText(elapsed, spokenLanguage())}
    </span>
  );
}
