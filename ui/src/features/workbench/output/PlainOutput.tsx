// A text that is over and done with (of a check, of the history), drawn as output is drawn.

import { useMemo, useRef } from 'react';
import { LineModel } from './line-model';
import { OutputLines } from './OutputLines';
import styles from './OutputPane.module.css';

export interface PlainOutputProps {
  text: string;
  label: string;
  files: readonly string[];
  onOpen: (path: string, line: number) => void;
}

export function PlainOutput({ text, label, files, onOpen }: PlainOutputProps) {
  const scroller = useRef<HTMLElement>(null);
  const model = useMemo(() => {
    const lines = new LineModel();
    lines.append('stdout', text);
    lines.end();
    return lines;
  }, [text]);
  return (
    <section
      ref={scroller}
      className={`${styles.palette} ${styles.plain}`}
      aria-label={label}
      tabIndex={0}
    >
      <OutputLines
        model={model}
        count={model.count}
        files={files}
        onOpen={onOpen}
        scroller={scroller}
      />
    </section>
  );
}
