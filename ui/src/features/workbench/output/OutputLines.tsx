// The lines of an output inside a scrolling box. Usual output is simply there, so that it can be
// selected, searched and read aloud as a whole; a flood is virtualised.

import { useVirtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import type { LineModel } from './line-model';
import { OutputLine } from './OutputLine';
import styles from './OutputLines.module.css';

/** From here on only the lines in view are in the page. */
export const MANY_LINES = 500;

export interface OutputLinesProps {
  model: LineModel;
  /** Lines from the start that are shown. */
  count: number;
  files: readonly string[];
  onOpen: (path: string, line: number) => void;
  scroller: RefObject<HTMLElement | null>;
}

export function OutputLines(props: OutputLinesProps) {
  const { model, count, files, onOpen } = props;
  if (count > MANY_LINES) return <ManyLines {...props} />;
  return Array.from({ length: count }, (_, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
    <OutputLine key={at} line={model.line(at)} files={files} onOpen={onOpen} />
  ));
}

function ManyLines({ model, count, files, onOpen, scroller }: OutputLinesProps) {
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    overscan: 20,
  });
  return (
    <div className={styles.many} style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((row) => (
        <div
          key={row.key}
          data-index={row.index}
          ref={rows.measureElement}
          className={styles.row}
          style={{ transform: `translateY(${row.start}px)` }}
        >
          <OutputLine line={model.line(row.index)} files={files} onOpen={onOpen} />
        </div>
      ))}
    </div>
  );
}
