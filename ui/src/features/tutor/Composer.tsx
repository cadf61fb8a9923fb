// The question and what goes along with it: chips that can be taken out, Enter sends, Stop while an
// answer is on its way.

import { Plus, Send, Square, X } from 'lucide-react';
import {
  type FormEvent,
  type KeyboardEvent,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Chip } from '../../bindings/Chip';
import type { ChipKind } from '../../bindings/ChipKind';
import type { Language } from '../../bindings/Language';
import type { Surrounding } from '../../bindings/Surrounding';
import { Button } from '../../components/Button';
import { usePlatform } from '../../platform/context';
import styles from './Composer.module.css';
import type { Tutor } from './use-tutor';

export interface ComposerProps {
  tutor: Tutor;
  surrounding: () => Surrounding;
  /** Of the lesson. */
  language: Language;
  disabled: boolean;
}

export function Composer({ tutor, surrounding, language, disabled }: ComposerProps) {
  const { t } = useTranslation('tutor');
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const { streaming } = tutor.conversation;
  const { chips, refresh } = useChips(surrounding, language);

  function send(event?: FormEvent) {
    event?.preventDefault();
    if (text.trim() === '' || streaming || disabled) return;
    setText('');
    // What was refused before it went out is not lost, nor what was written meanwhile.
    void tutor.ask({ kind: 'question', text }).then((went) => {
      if (!went) setText((written) => (written === '' ? text : written));
    });
  }
  function onKeyDown(event: KeyboardEvent) {
    // Enter inside an input method chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }
  function stop() {
    tutor.stop();
    field.current?.focus();
  }

  return (
    <form className={styles.composer} onSubmit={send}>
      <Chips chips={chips} without={tutor.without} onChange={tutor.setWithout} />
      <div className={styles.row}>
        <textarea
          ref={field}
          className={styles.field}
          aria-label={t('question')}
          placeholder={t('placeholder')}
          rows={2}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onFocus={refresh}
          onKeyDown={onKeyDown}
        />
        {streaming ? (
          <Button
            kind="danger"
            icon={<Square aria-hidden fill="currentColor" />}
            aria-disabled={streaming.stopping}
            onClick={stop}
          >
            {t(streaming.stopping ? 'stopping' : 'stop')}
          </Button>
        ) : (
          <Button type="submit" kind="primary" icon={<Send aria-hidden />} disabled={disabled}>
            {t('send')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Asked for when the learner turns to the question: what is there changes with every run. */
function useChips(surrounding: () => Surrounding, language: Language) {
  const platform = usePlatform();
  const [chips, setChips] = useState<readonly Chip[]>([]);
  const newest = useRef(surrounding);
  newest.current = surrounding;
  const refresh = useCallback(() => {
    // Without chips the question goes out all the same.
    platform.tutorChips(newest.current(), []).then(setChips, () => setChips([]));
  }, [platform]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another language the lesson's headings are others
  useEffect(refresh, [refresh, language]);
  return { chips, refresh };
}

function Chips(props: {
  chips: readonly Chip[];
  without: readonly ChipKind[];
  onChange: (without: ChipKind[]) => void;
}) {
  const { t } = useTranslation('tutor');
  const { chips, without, onChange } = props;
  if (chips.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label={t('chips')}>
      {chips.map(({ kind, detail }) => {
        const out = without.includes(kind);
        const name = t(`chip.${kind}`);
        return (
          <li key={kind}>
            <button
              type="button"
              className={out ? `${styles.chip} ${styles.out}` : styles.chip}
              aria-pressed={!out}
              title={detail}
              aria-label={t(out ? 'chipAdd' : 'chipRemove', { name, detail })}
              onClick={() =>
                onChange(out ? without.filter((one) => one !== kind) : [...without, kind])
              }
            >
              <span>{name}</span>
              <span className={styles.detail}>{detail}</span>
              {out ? <Plus aria-hidden /> : <X aria-hidden />}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
