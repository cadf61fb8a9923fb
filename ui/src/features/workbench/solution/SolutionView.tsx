// The author's solution beside the learner's code, over the editor's place. To be read and copied:
// nothing here changes what the learner wrote.

import { Copy, X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileText } from '../../../bindings/FileText';
import { announce } from '../../../components/announcer';
import { Button } from '../../../components/Button';
import { IconButton } from '../../../components/IconButton';
import { DiffView } from '../editor/DiffView';
import type { EditorLook } from '../editor/port';
import styles from '../history/VersionView.module.css';

export interface SolutionViewProps {
  files: readonly FileText[];
  /** The learner's. */
  mine: readonly FileText[];
  look: EditorLook;
  onClose: () => void;
}

export function SolutionView({ files, mine, look, onClose }: SolutionViewProps) {
  const { t } = useTranslation('workbench');
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  const [chosen, setChosen] = useState<string | null>(null);
  const picker = useId();
  const own = (path: string) => mine.find((file) => file.path === path)?.text ?? '';
  // The first file that differs is the one worth looking at.
  const different = files.find(({ path, text }) => text !== own(path));
  const path = chosen ?? different?.path ?? files[0]?.path ?? '';
  const text = files.find((file) => file.path === path)?.text ?? '';
  return (
    <section
      ref={box}
      className={styles.view}
      aria-label={t('solution.label')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className={styles.bar}>
        <label htmlFor={picker} className={styles.label}>
          {t('history.file')}
        </label>
        <select
          id={picker}
          className={styles.picker}
          value={path}
          onChange={(event) => setChosen(event.target.value)}
        >
          {files.map((file) => (
            <option key={file.path}>{file.path}</option>
          ))}
        </select>
        <p className={styles.text}>
          {t(text === own(path) ? 'solution.same' : 'solution.compare', { path })}
        </p>
        <CopyButton text={text} />
        <IconButton label={t('solution.close')} onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </div>
      <div className={styles.diff}>
        <DiffView path={path} before={own(path)} after={text} look={look} />
      </div>
    </section>
  );
}

function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation('workbench');
  async function copy() {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    announce(t(done ? 'solution.copied' : 'output.copyFailed'));
  }
  return (
    <Button icon={<Copy aria-hidden />} onClick={() => void copy()}>
      {t('solution.copy')}
    </Button>
  );
}
