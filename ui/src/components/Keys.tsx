// Shows a key of the command registry as the learner's keyboard names it.

import { keyParts } from '../lib/key-names';
import styles from './Keys.module.css';

export function Keys(props: { of: string }) {
  return (
    <span className={styles.keys}>
      {keyParts(props.of).map((part) => (
        <kbd key={part} className={styles.key}>
          {part}
        </kbd>
      ))}
    </span>
  );
}
