// Lines to put in order, moved by buttons, so that no mouse is needed; what belongs nowhere is put
// aside and can be taken back.

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/IconButton';
import styles from './Questions.module.css';

export interface OrderLinesProps {
  /** As they were shown. */
  lines: string[];
  /** Whether some belong nowhere. */
  extra: boolean;
  /** Places of the lines that are in, in their order. */
  order: number[];
  onChange: (order: number[]) => void;
}

export function OrderLines({ lines, extra, order, onChange }: OrderLinesProps) {
  const { t } = useTranslation('lesson');
  const aside = lines.map((_, at) => at).filter((at) => !order.includes(at));
  function move(from: number, by: number) {
    const next = [...order];
    const [line] = next.splice(from, 1);
    if (line !== undefined) next.splice(from + by, 0, line);
    onChange(next);
  }
  return (
    <div className={styles.order}>
      <ol className={styles.lines} aria-label={t('questions.order')}>
        {order.map((line, at) => (
          <li key={line} className={styles.line}>
            <code>{lines[line]}</code>
            <IconButton
              label={t('questions.up', { line: lines[line] })}
              disabled={at === 0}
              onClick={() => move(at, -1)}
            >
              <ArrowUp aria-hidden />
            </IconButton>
            <IconButton
              label={t('questions.down', { line: lines[line] })}
              disabled={at === order.length - 1}
              onClick={() => move(at, 1)}
            >
              <ArrowDown aria-hidden />
            </IconButton>
            {extra && (
              <IconButton
                label={t('questions.out', { line: lines[line] })}
                onClick={() => onChange(order.filter((it) => it !== line))}
              >
                <X aria-hidden />
              </IconButton>
            )}
          </li>
        ))}
      </ol>
      {extra && <p className={styles.aside}>{t('questions.extra')}</p>}
      {aside.length > 0 && (
        <ul className={styles.lines} aria-label={t('questions.aside')}>
          {aside.map((line) => (
            <li key={line} className={styles.line} data-aside>
              <code>{lines[line]}</code>
              <IconButton
                label={t('questions.in', { line: lines[line] })}
                onClick={() => onChange([...order, line])}
              >
                <Plus aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
