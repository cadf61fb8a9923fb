// What the program had printed at a step. The newest line stays in view.

import { useDeferredValue, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { OutputLines } from '../output/OutputLines';
import pane from '../output/OutputPane.module.css';
import styles from './StepOutput.module.css';
import type { Transcript } from './transcript';

/** A traceback in the middle of a recording is not there to leave it. */
const NO_FILES: readonly string[] = [];
const nowhere = () => undefined;

export function StepOutput(props: { transcript: Transcript; printed: number }) {
  const { t } = useTranslation('workbench');
  const { transcript } = props;
  // While the slider is dragged the output may lag; the slider itself must not.
  const printed = useDeferredValue(props.printed);
  const box = useRef<HTMLElement>(null);
  const lines = useMemo(() => transcript.upTo(printed), [transcript, printed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is more or less of it
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  return (
    <div className={`${pane.palette} ${styles.output}`}>
      <p className={styles.title}>{t('steps.output')}</p>
      <section ref={box} className={styles.lines} aria-label={t('steps.output')} tabIndex={0}>
        {lines.count === 0 && <p className={styles.silent}>{t('steps.silent')}</p>}
        <OutputLines
          model={lines}
          count={lines.count}
          files={NO_FILES}
          onOpen={nowhere}
          scroller={box}
        />
      </section>
    </div>
  );
}
