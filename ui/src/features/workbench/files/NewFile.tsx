// The field for a new file's name. Says what is wrong while the name is typed, not after.

import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/Button';
import styles from './NewFile.module.css';
import { nameProblem } from './work-files';

export interface NewFileProps {
  /** Of the lesson's own language, as `.py`: what a name without one gets. */
  ending: string;
  taken: readonly string[];
  onCreate: (path: string) => void;
  onClose: () => void;
}

export function NewFile({ ending, taken, onCreate, onClose }: NewFileProps) {
  const { t } = useTranslation(['workbench', 'common']);
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const field = useId();
  const words = useId();
  const path = withExtension(name.trim(), ending);
  const problem = nameProblem(path, taken);
  const shown = problem !== null && (tried || problem !== 'empty');

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (problem) return;
    onCreate(path);
    onClose();
  }

  return (
    <form
      className={styles.form}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <label htmlFor={field} className={styles.label}>
        {t('workbench:files.name')}
      </label>
      <input
        id={field}
        className={styles.field}
        value={name}
        onChange={(event) => setName(event.target.value)}
        placeholder={`helper${ending}`}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={shown}
        aria-describedby={words}
        // biome-ignore lint/a11y/noAutofocus: the learner just asked for this field
        autoFocus
      />
      <Button type="submit" kind="primary">
        {t('workbench:files.create')}
      </Button>
      <Button kind="quiet" onClick={onClose}>
        {t('common:cancel')}
      </Button>
      <p id={words} className={styles.problem} role="status">
        {shown ? t(`workbench:files.problem.${problem}`) : ''}
      </p>
    </form>
  );
}

/** A name without an ending is a file of the lesson's language. */
function withExtension(name: string, ending: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return last === '' || last.includes('.') ? name : `${name}${ending}`;
}
