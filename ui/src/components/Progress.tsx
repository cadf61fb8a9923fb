// Work without a known end (Spinner) and with one (ProgressRing). Both say in words what they show.

import styles from './Progress.module.css';

export function Spinner(props: { label: string }) {
  return <span className={styles.spinner} role="img" aria-label={props.label} />;
}

export interface ProgressRingProps {
  /** 0 to 1. */
  value: number;
  /** For screen readers, for example `3 of 12 lessons passed`. */
  label: string;
  /** Side in rem. */
  size?: number;
}

const RADIUS = 7;
const LENGTH = 2 * Math.PI * RADIUS;

export function ProgressRing({ value, label, size = 1.125 }: ProgressRingProps) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <svg
      className={styles.ring}
      style={{ width: `${size}rem`, height: `${size}rem` }}
      viewBox="0 0 18 18"
      role="img"
      aria-label={label}
    >
      <circle className={styles.track} cx="9" cy="9" r={RADIUS} />
      <circle
        className={styles.share}
        cx="9"
        cy="9"
        r={RADIUS}
        strokeDasharray={`${share * LENGTH} ${LENGTH}`}
      />
    </svg>
  );
}
