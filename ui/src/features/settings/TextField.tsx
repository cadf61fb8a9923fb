// A line of text that takes effect when it is left, or with Enter: half an address is none.

import { useState } from 'react';
import { Field } from '../../components/Field';
import styles from './Ai.module.css';

export interface TextFieldProps {
  label: string;
  help?: string;
  value: string;
  onChange: (value: string) => void;
}

export function TextField({ label, help, value, onChange }: TextFieldProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  const commit = () => {
    if (text.trim() !== value) onChange(text.trim());
  };
  return (
    <Field label={label} help={help}>
      {(ids) => (
        <input
          {...ids}
          className={styles.text}
          type="text"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
      )}
    </Field>
  );
}
