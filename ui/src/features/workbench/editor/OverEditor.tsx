// What stands over the editor's place for a while: it takes the focus when it comes, and Escape ends it.

import { type ReactNode, useEffect, useRef } from 'react';
import styles from './OverEditor.module.css';

export interface OverEditorProps {
  /** What it is, for screen readers. */
  label: string;
  onClose: () => void;
  children: ReactNode;
}

export function OverEditor({ label, onClose, children }: OverEditorProps) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section
      ref={box}
      className={styles.view}
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      {children}
    </section>
  );
}
