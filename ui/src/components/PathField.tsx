// A path that is typed, pasted, or chosen in the system's dialog.

import { FolderOpen } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import styles from './PathField.module.css';

export interface PathFieldProps {
  label: string;
  help?: string;
  value: string;
  onChange: (path: string) => void;
  /** Shows the dialog; answers nothing when it was closed. */
  onPick: () => Promise<string | null>;
}

export function PathField({ label, help, value, onChange, onPick }: PathFieldProps) {
  const { t } = useTranslation('common');
  const id = useId();
  const helpId = useId();
  // A system without a dialog still has the keyboard.
  const pick = () =>
    onPick().then(
      (path) => path !== null && onChange(path),
      () => undefined,
    );
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={styles.row}>
        <input
          id={id}
          className={styles.input}
          type="text"
          spellCheck={false}
          autoComplete="off"
          aria-describedby={help ? helpId : undefined}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
        <Button icon={<FolderOpen aria-hidden />} onClick={() => void pick()}>
          {t('pick')}
        </Button>
      </div>
      {help && (
        <p id={helpId} className={styles.help}>
          {help}
        </p>
      )}
    </div>
  );
}
