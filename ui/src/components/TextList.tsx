// Lines of a report under a heading that says how many there are; long ones unfold.

import styles from './TextList.module.css';

export interface TextListProps {
  title: string;
  lines: readonly string[];
}

export function TextList({ title, lines }: TextListProps) {
  if (lines.length === 0) return null;
  return (
    <details className={styles.list} open={lines.length <= 8}>
      <summary>{title}</summary>
      <ul>
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes its order
          <li key={at}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
