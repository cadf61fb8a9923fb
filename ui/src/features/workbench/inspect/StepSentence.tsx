// One sentence on what happens at a step, with the line of code it is about.

import { ArrowRight, CornerDownRight, CornerUpLeft, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Playback } from './playback';
import type { Moment } from './replay';
import styles from './StepSentence.module.css';

const ICONS = {
  line: ArrowRight,
  call: CornerDownRight,
  return: CornerUpLeft,
  yield: CornerUpLeft,
  raise: TriangleAlert,
};

export function StepSentence({ playback, moment }: { playback: Playback; moment: Moment }) {
  const at = playback.live.get();
  const words = useSentence(playback, at, moment);
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

function useSentence({ replay }: Playback, at: number, moment: Moment): string {
  const { t } = useTranslation('workbench');
  const { kind, place, stack, value } = moment;
  const call = replay.call(stack[0] ?? -1, at);
  const name = call.isModule ? (place?.path ?? '') : call.name;
  switch (kind) {
    case 'line':
      if (!place) return '';
      return replay.files > 1 ? t('steps.lineOf', { ...place }) : t('steps.line', { ...place });
    case 'call':
      return t('steps.call', { name });
    case 'return':
      if (value !== null) return t('steps.return', { name, value });
      return stack.length > 1 ? t('steps.done', { name }) : t('steps.end');
    case 'yield':
      return t('steps.yield', { name, value: value ?? '' });
    case 'raise':
      return t('steps.raise', { value: value ?? '' });
  }
}
