// The first frame, before the core has answered: the shape of the window, no words.

import { useShownTheme } from '../lib/theme';
import styles from './Skeleton.module.css';

export function Skeleton() {
  useShownTheme('system');
  return (
    <div className={styles.skeleton} aria-busy="true" data-testid="skeleton">
      <div className={styles.bar} />
      <div className={styles.place}>
        <div className={styles.card} />
        <div className={styles.card} />
      </div>
    </div>
  );
}
