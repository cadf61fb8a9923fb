// One sentence on what happens at a step, with the line of code it is about.

import { ArrowRight, CornerDownRight, CornerUpLeft, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Playback } from './playback';
import type { Moment } from './replay';
import styles from './StepSentence.module.css';
import { shownValue } from './shown-value';

const ICONS = {
  line: ArrowRight,
  call: CornerDownRight,
  return: CornerUpLeft,
  raise: TriangleAlert,
};
export const MODULE = '<module>';

export function StepSentence({ playback, moment }: { playback: Playback; moment: Moment }) {
  const words = useSentence(playback, moment);
  const Icon = ICONS[moment.kind];
  const source = moment.place ? playback.source(moment.place) : '';
  return (
    <p className={styles.sentence} data-kind={moment.kind}>
      <Icon aria-hidden className={styles.icon} />
      <span className={styles.words}>{words}</span>
      {source && <code className={styles.source}>{source}</code>}
    </p>
  );
}

function useSentence(playback: Playback, { kind, place, stack, value }: Moment): string {
  const { t } = useTranslation('workbench');
  const name = playback.replay.name(stack[0] ?? -1);
  const isMain = name === MODULE && stack.length === 1;
  switch (kind) {
    case 'line':
      return place ? t('steps.line', { ...place }) : '';
    case 'call':
      return isMain ? t('steps.begin') : t('steps.call', { name: called(name, place?.path) });
    case 'return':
      if (isMain) return t('steps.end');
      return t('steps.return', {
        name: called(name, place?.path),
        value: shownValue(value ?? 'None'),
      });
    case 'raise':
      return t('steps.raise', { value: value ?? '' });
  }
}

/** `f()` for a function, the file for the top level of one that was imported. */
function called(name: string, path = ''): string {
  return name === MODULE ? path : `${name}()`;
}
