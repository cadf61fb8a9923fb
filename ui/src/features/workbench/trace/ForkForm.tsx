// Goes another way at a step: the learner writes anew what the model said, was given or was told of a
// tool, and the run goes on from there.

import { GitFork } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ForkChange } from '../../../bindings/ForkChange';
import { Button } from '../../../components/Button';
import styles from './ForkForm.module.css';
import type { ForkPlace } from './fork';
import { roleOf } from './Prompt';

export interface ForkFormProps {
  places: readonly ForkPlace[];
  /** The code is not that of this run any more. */
  stale: boolean;
  onFork: (change: ForkChange, text: string) => void;
}

export function ForkForm({ places, stale, onFork }: ForkFormProps) {
  const { t } = useTranslation('workbench');
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const place = places[at] ?? places[0];
  const [text, setText] = useState('');
  const [whatId, textId, hintId] = [useId(), useId(), useId()];
  const opener = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    // Whoever leaves the form is where they came from.
    if (wasOpen.current && !isOpen) opener.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  if (!place) return null;

  function choose(next: number) {
    setAt(next);
    setText(places[next]?.text ?? '');
  }
  function label({ change, role, isJson }: ForkPlace): string {
    if (change.kind === 'reply') return t(isJson ? 'fork.replyJson' : 'fork.reply');
    if (change.kind === 'observation') return t('fork.observation');
    const known = role && roleOf(role);
    const who = known ? t(`trace.role.${known}`) : role;
    return t('fork.message', { number: change.message + 1, role: who });
  }

  if (!isOpen) {
    return (
      <Button
        ref={opener}
        className={styles.opener}
        icon={<GitFork aria-hidden />}
        onClick={() => {
          choose(0);
          setOpen(true);
        }}
      >
        {t('fork.open')}
      </Button>
    );
  }
  return (
    <form
      className={styles.form}
      aria-label={t('fork.open')}
      onSubmit={(event) => {
        event.preventDefault();
        if (text !== place.text) onFork(place.change, text);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        setOpen(false);
      }}
    >
      {stale && <p className={styles.stale}>{t('fork.stale')}</p>}
      {places.length > 1 && (
        <div className={styles.what}>
          <label htmlFor={whatId}>{t('fork.what')}</label>
          <select id={whatId} value={at} onChange={(event) => choose(Number(event.target.value))}>
            {places.map((known, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a place is its number
              <option key={index} value={index}>
                {label(known)}
              </option>
            ))}
          </select>
        </div>
      )}
      <label htmlFor={textId}>{label(place)}</label>
      <textarea
        id={textId}
        // biome-ignore lint/a11y/noAutofocus: whoever opened the form wants to write
        autoFocus
        rows={Math.min(12, Math.max(2, place.text.split('\n').length + 1))}
        spellCheck={false}
        aria-describedby={hintId}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={styles.buttons}>
        <Button type="submit" kind="primary" disabled={text === place.text}>
          {t('fork.run')}
        </Button>
        <Button onClick={() => setOpen(false)}>{t('fork.cancel')}</Button>
      </div>
      <p id={hintId} className={styles.hint}>
        {t('fork.hint')}
      </p>
    </form>
  );
}
