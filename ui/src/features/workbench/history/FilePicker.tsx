// Which file is shown, of several that are compared with the learner's.

import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './VersionView.module.css';

export interface FilePickerProps {
  paths: readonly string[];
  /** The one that is shown. */
  path: string;
  onChoose: (path: string) => void;
}

export function FilePicker({ paths, path, onChoose }: FilePickerProps) {
  const { t } = useTranslation('workbench');
  const picker = useId();
  return (
    <>
      <label htmlFor={picker} className={styles.label}>
        {t('history.file')}
      </label>
      <select
        id={picker}
        className={styles.picker}
        value={path}
        onChange={(event) => onChoose(event.target.value)}
      >
        {paths.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </>
  );
}
