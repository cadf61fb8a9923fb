// A setting: its name on the left, its control on the right, a sentence below when it needs one.

import { type ReactNode, useId } from 'react';
import styles from './Field.module.css';

export interface FieldProps {
  label: string;
  help?: string;
  children: (ids: { id: string; 'aria-describedby': string | undefined }) => ReactNode;
}

export function Field({ label, help, children }: FieldProps) {
  const id = useId();
  const helpId = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.control}>
        {children({ id, 'aria-describedby': help ? helpId : undefined })}
      </div>
      {help && (
        <p id={helpId} className={styles.help}>
          {help}
        </p>
      )}
    </div>
  );
}

export interface SelectFieldProps<V extends string> {
  label: string;
  help?: string;
  value: V;
  options: { value: V; label: string }[];
  onChange: (value: V) => void;
}

export function SelectField<V extends string>(props: SelectFieldProps<V>) {
  const { label, help, value, options, onChange } = props;
  return (
    <Field label={label} help={help}>
      {(ids) => (
        <select
          {...ids}
          className={styles.input}
          value={value}
          onChange={(event) => onChange(event.target.value as V)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface NumberFieldProps {
  label: string;
  help?: string;
  value: number;
  min: number;
  max: number;
  unit: string;
  onChange: (value: number) => void;
}

/** Takes effect with each number that lies within the limits. */
export function NumberField(props: NumberFieldProps) {
  const { label, help, value, min, max, unit, onChange } = props;
  return (
    <Field label={label} help={help}>
      {(ids) => (
        <>
          <input
            {...ids}
            className={styles.input}
            type="number"
            min={min}
            max={max}
            defaultValue={value}
            onChange={(event) => {
              const { valueAsNumber: next } = event.target;
              if (Number.isInteger(next) && next >= min && next <= max) onChange(next);
            }}
            onBlur={(event) => {
              event.target.value = String(value);
            }}
          />
          <span className={styles.unit}>{unit}</span>
        </>
      )}
    </Field>
  );
}

export interface CheckFieldProps {
  label: string;
  help?: string;
  value: boolean;
  onChange: (value: boolean) => void;
}

export function CheckField({ label, help, value, onChange }: CheckFieldProps) {
  return (
    <Field label={label} help={help}>
      {(ids) => (
        <input
          {...ids}
          className={styles.check}
          type="checkbox"
          checked={value}
          onChange={(event) => onChange(event.target.checked)}
        />
      )}
    </Field>
  );
}
