// Expected and got, whole and side by side, the difference marked by underline as well as colour.

import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckKind } from '../../../bindings/CheckKind';
import type { Ignored } from '../../../bindings/Ignored';
import styles from './Evidence.module.css';
import { diffTexts, type Part, visibleWhitespace } from './text-diff';

export interface ComparisonProps {
  expected: string;
  got: string | null;
  kind: CheckKind;
  /** What does not count, and is not marked as a difference. */
  ignored: readonly Ignored[];
}

export function Comparison({ expected, got, kind, ignored }: ComparisonProps) {
  const { t } = useTranslation('workbench');
  const diff = useMemo(() => diffTexts(expected, got ?? '', ignored), [expected, got, ignored]);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const box = useId();
  // A missing piece has no counterpart to be compared with letter by letter.
  const compare = kind !== 'contains' && got !== null && got !== '';
  const visible = chosen ?? (compare && diff.whitespaceOnly);
  const whole = (text: string): Part[] => [{ text, same: true }];
  return (
    <div>
      {compare && diff.whitespaceOnly && (
        <p className={styles.sentence}>{t('checks.whitespaceOnly')}</p>
      )}
      <div className={styles.pair}>
        <Side
          label={kind === 'contains' ? t('checks.missing') : t('checks.expected')}
          parts={compare ? diff.expected : whole(expected)}
          className={styles.expected}
          visible={visible}
        />
        <Side
          label={t('checks.got')}
          parts={compare ? diff.got : whole(got ?? '')}
          className={styles.got}
          visible={visible}
          empty={t('checks.nothing')}
        />
      </div>
      <label className={styles.switch} htmlFor={box}>
        <input
          id={box}
          type="checkbox"
          checked={visible}
          onChange={(event) => setChosen(event.target.checked)}
        />
        {t('checks.showWhitespace')}
      </label>
    </div>
  );
}

interface SideProps {
  label: string;
  parts: readonly Part[];
  className: string | undefined;
  visible: boolean;
  empty?: string;
}

function Side({ label, parts, className, visible, empty }: SideProps) {
  const nothing = parts.every(({ text }) => text === '');
  return (
    <div className={className}>
      <p className={styles.label}>{label}</p>
      <pre className={styles.code}>
        {nothing && empty && <span className={styles.nothing}>{empty}</span>}
        {parts.map((part, at) => {
          const text = visible ? visibleWhitespace(part.text) : part.text;
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
          return part.same ? text : <mark key={at}>{text}</mark>;
        })}
      </pre>
    </div>
  );
}
