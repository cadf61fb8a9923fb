// One step from close by: what went in, what came out, raw and taken apart, what it cost, and the line
// of the program that made it.

import { CornerDownLeft, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ForkChange } from '../../../bindings/ForkChange';
import type { TraceSpan } from '../../../bindings/TraceSpan';
import { Button } from '../../../components/Button';
import { IconButton } from '../../../components/IconButton';
import { ForkForm } from './ForkForm';
import type { ForkPlace } from './fork';
import { Numbers } from './Numbers';
import { Prompt } from './Prompt';
import { RawAndParsed } from './RawAndParsed';
import { pretty } from './reply';
import styles from './SpanDetail.module.css';

export interface SpanDetailProps {
  span: TraceSpan;
  /** What the program itself took out of the reply. */
  parsed: TraceSpan | null;
  /** What of it can be another one; empty while that cannot be. */
  places: readonly ForkPlace[];
  stale: boolean;
  onFork: (change: ForkChange, text: string) => void;
  onOpen: (path: string, line: number) => void;
  onClose: () => void;
}

export function SpanDetail(props: SpanDetailProps) {
  const { span, parsed, places, stale, onFork, onOpen, onClose } = props;
  const { t } = useTranslation('workbench');
  const { place, error } = span;
  const isModel = span.kind === 'model';
  return (
    <section className={styles.detail} aria-label={t('trace.detail', { name: span.name })}>
      <header className={styles.head}>
        <h3 className={styles.title}>
          {t(`trace.kind.${span.kind}`)} · {span.name}
        </h3>
        {place && (
          <Button onClick={() => onOpen(place.path, place.line)}>
            <CornerDownLeft aria-hidden />
            {t('trace.source', { path: place.path, line: place.line })}
          </Button>
        )}
        <IconButton label={t('trace.close')} onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </header>
      <Numbers span={span} />
      <ForkForm places={places} stale={stale} onFork={onFork} />
      {error !== null && <pre className={styles.error}>{error}</pre>}
      {isModel ? (
        <>
          <RawAndParsed span={span} parsed={parsed} />
          <Prompt input={span.input} />
        </>
      ) : (
        <>
          <Text label={t('trace.input')} text={span.input} />
          <Text label={t('trace.output')} text={span.output} />
        </>
      )}
    </section>
  );
}

function Text({ label, text }: { label: string; text: string }) {
  if (text === '') return null;
  return (
    <div className={styles.part}>
      <h4 className={styles.label}>{label}</h4>
      <pre className={styles.code}>{pretty(text)}</pre>
    </div>
  );
}
