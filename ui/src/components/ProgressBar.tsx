// Long work with a known end: what it is at, how much is done, and a bar.

import styles from './Progress.module.css';

export interface ProgressBarProps {
  /** What is done and how much, in words. */
  label: string;
  done: number;
  /** 0 while it is not known. */
  total: number;
}

export function ProgressBar({ label, done, total }: ProgressBarProps) {
  return (
    <div className={styles.work}>
      <p>{label}</p>
      <progress
        className={styles.bar}
        aria-label={label}
        {...(total > 0 && { value: done, max: total })}
      />
    </div>
  );
}
