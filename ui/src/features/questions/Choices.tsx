// Answers to choose from: one of them, or all that are right.

import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { SafeHtml } from '../../components/SafeHtml';
import styles from './Questions.module.css';

export interface ChoicesProps {
  /** Sanitised HTML each. */
  options: string[];
  many: boolean;
  /** Places from 0. */
  chosen: number[];
  onChange: (chosen: number[]) => void;
}

export function Choices({ options, many, chosen, onChange }: ChoicesProps) {
  const { t } = useTranslation('lesson');
  const name = useId();
  function choose(at: number, on: boolean) {
    if (!many) onChange([at]);
    else onChange(on ? [...chosen, at].sort((a, b) => a - b) : chosen.filter((it) => it !== at));
  }
  return (
    <fieldset className={styles.choices}>
      <legend>{t(many ? 'questions.many' : 'questions.one')}</legend>
      {options.map((html, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an option is known by its place
        <label key={at} className={styles.choice}>
          <input
            type={many ? 'checkbox' : 'radio'}
            name={name}
            checked={chosen.includes(at)}
            onChange={(event) => choose(at, event.target.checked)}
          />
          <SafeHtml html={html} />
        </label>
      ))}
    </fieldset>
  );
}
