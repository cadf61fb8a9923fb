// Ctrl+K: lessons, headings of the open lesson and commands in one list, by typing.

import { Dialog as Radix } from 'radix-ui';
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { HitPart } from '../../bindings/HitPart';
import { EmptyState } from '../../components/EmptyState';
import { Keys } from '../../components/Keys';
import styles from './Palette.module.css';
import { type Entry, search } from './search';

export interface PaletteProps {
  open: boolean;
  onClose: () => void;
  /** The `PaletteList`; what it finds is gathered only while it is open. */
  children: ReactNode;
}

export function Palette({ open, onClose, children }: PaletteProps) {
  const { t } = useTranslation('common');
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content className={styles.content} aria-describedby={undefined}>
          <Radix.Title className={styles.name}>{t('palette.title')}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface PaletteListProps {
  /** Found here, by what they are called. */
  entries: readonly Entry[];
  /** Found elsewhere for what is typed now; they come after the others. */
  found?: readonly Entry[];
  onQuery?: (query: string) => void;
  onClose: () => void;
}

export function PaletteList(props: PaletteListProps) {
  const { entries, found, onQuery, onClose } = props;
  const { t } = useTranslation('common');
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const hits = useMemo(
    () => [...search(entries, query), ...(found ?? [])],
    [entries, query, found],
  );
  const chosen = hits[Math.min(at, hits.length - 1)];

  useEffect(() => {
    if (!chosen) return;
    list.current
      ?.querySelector(`#${CSS.escape(listId + chosen.id)}`)
      ?.scrollIntoView({ block: 'nearest' });
  }, [chosen, listId]);

  function perform(entry: Entry | undefined) {
    if (!entry) return;
    onClose();
    // After the dialog gave the focus back, or it would take it from where the command put it.
    setTimeout(entry.perform);
  }
  function onKeyDown(event: KeyboardEvent) {
    const { length } = hits;
    if (event.nativeEvent.isComposing || length === 0) return;
    if (event.key === 'Enter') perform(chosen);
    else if (event.key === 'ArrowDown') setAt((at + 1) % length);
    else if (event.key === 'ArrowUp') setAt((at - 1 + length) % length);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <input
        className={styles.input}
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={chosen && listId + chosen.id}
        aria-label={t('palette.placeholder')}
        placeholder={t('palette.placeholder')}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
          onQuery?.(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label={t('palette.results')}
        className={styles.list}
      >
        {hits.map((entry) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field above takes the keys
          <div
            key={entry.id}
            id={listId + entry.id}
            role="option"
            tabIndex={-1}
            aria-selected={entry === chosen}
            className={styles.entry}
            onClick={() => perform(entry)}
          >
            <span className={styles.words}>
              <span className={styles.label}>{entry.label}</span>
              {entry.excerpt && <Excerpt parts={entry.excerpt} isCode={entry.kind === 'code'} />}
            </span>
            <span className={styles.kind}>{t(`palette.kind.${entry.kind}`)}</span>
            {entry.shortcut && <Keys of={entry.shortcut} />}
          </div>
        ))}
      </div>
      {hits.length === 0 && <EmptyState title={t('palette.empty')} text={t('palette.emptyHow')} />}
      <p className={styles.name} role="status">
        {query && t('palette.count', { count: hits.length })}
      </p>
    </>
  );
}

function Excerpt({ parts, isCode }: { parts: HitPart[]; isCode: boolean }) {
  return (
    <span className={isCode ? `${styles.excerpt} ${styles.code}` : styles.excerpt}>
      {parts.map(({ text, marked }, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no other name
        marked ? <mark key={at}>{text}</mark> : text,
      )}
    </span>
  );
}
