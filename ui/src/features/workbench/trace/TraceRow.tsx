// One step: what kind it is, what it is called, what it comes down to in a line, its tokens, its time.

import { ChevronDown, ChevronRight, GitFork } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TraceSpan } from '../../../bindings/TraceSpan';
import { spokenLanguage } from '../../../lib/i18n';
import { countText } from '../../../lib/money';
import { durationText } from '../words';
import { gist } from './gist';
import type { Row } from './rows';
import styles from './TraceTable.module.css';

export interface TraceRowProps {
  row: Row;
  /** 1-based, the head of the table counted. */
  index: number;
  whole: { start: number; length: number };
  isChosen: boolean;
  /** Tab stops here. */
  isStop: boolean;
  running: boolean;
  /** The run forks here from an older one. */
  isFork: boolean;
  onChoose: (id: string | null) => void;
  onFold: (id: string) => void;
}

export const TraceRow = memo(function TraceRow(props: TraceRowProps) {
  const { row, index, whole, isChosen, isStop, running, isFork, onChoose, onFold } = props;
  const { span, depth, isParent, isFolded } = row;
  const { t } = useTranslation('workbench');
  const language = spokenLanguage();
  const tokens = (span.inputTokens ?? 0) + (span.outputTokens ?? 0);
  const time =
    span.durationMs === null
      ? t(running ? 'trace.goesOn' : 'trace.cutOff')
      : durationText(span.durationMs, language);
  return (
    <tr
      aria-rowindex={index}
      data-chosen={isChosen}
      data-failed={span.error !== null}
      onClick={() => onChoose(isChosen ? null : span.id)}
    >
      <th scope="row" style={{ paddingInlineStart: `${8 + depth * 16}px` }}>
        {isParent ? (
          <button
            type="button"
            className={styles.fold}
            tabIndex={-1}
            aria-expanded={!isFolded}
            aria-label={t(isFolded ? 'trace.unfold' : 'trace.fold', { name: span.name })}
            onClick={(event) => {
              event.stopPropagation();
              onFold(span.id);
            }}
          >
            {isFolded ? <ChevronRight aria-hidden /> : <ChevronDown aria-hidden />}
          </button>
        ) : (
          <span className={styles.fold} />
        )}
        <button
          type="button"
          className={styles.step}
          data-span={span.id}
          tabIndex={isStop ? 0 : -1}
          aria-pressed={isChosen}
          onClick={(event) => {
            event.stopPropagation();
            onChoose(isChosen ? null : span.id);
          }}
        >
          <span className={styles.kind} data-kind={span.kind}>
            {t(`trace.kind.${span.kind}`)}
          </span>{' '}
          <span className={styles.name}>{span.name}</span>
          {isFork && <GitFork className={styles.fork} role="img" aria-label={t('fork.mark')} />}
        </button>
      </th>
      <td className={styles.said}>{span.error ?? gist(span)}</td>
      <td className={styles.number}>{tokens > 0 && countText(tokens, language)}</td>
      <td className={styles.number}>{time}</td>
      <td className={styles.line} aria-hidden>
        <Bar span={span} whole={whole} />
      </td>
    </tr>
  );
});

function Bar({ span, whole }: { span: TraceSpan; whole: TraceRowProps['whole'] }) {
  const share = (ms: number) => (whole.length > 0 ? (100 * ms) / whole.length : 0);
  const start = share(span.startMs - whole.start);
  const width = share(span.durationMs ?? whole.start + whole.length - span.startMs);
  return (
    <span className={styles.track}>
      <span
        className={styles.bar}
        data-kind={span.kind}
        style={{ insetInlineStart: `${start}%`, width: `max(2px, ${width}%)` }}
      />
    </span>
  );
}
