// The author's solution beside the learner's code, over the editor's place. To be read and copied:
// nothing here changes what the learner wrote.

import { Copy, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileText } from '../../../bindings/FileText';
import { announce } from '../../../components/announcer';
import { Button } from '../../../components/Button';
import { IconButton } from '../../../components/IconButton';
import { DiffView } from '../editor/DiffView';
import { OverEditor } from '../editor/OverEditor';
import type { EditorLook } from '../editor/port';
import { FilePicker } from '../history/FilePicker';
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
  const [chosen, setChosen] = useState<string | null>(null);
  const own = (path: string) => mine.find((file) => file.path === path)?.text ?? '';
  // The first file that differs is the one worth looking at.
  const different = files.find(({ path, text }) => text !== own(path));
  const path = chosen ?? different?.path ?? files[0]?.path ?? '';
  const text = files.find((file) => file.path === path)?.text ?? '';
  return (
    <OverEditor label={t('solution.label')} onClose={onClose}>
      <div className={styles.bar}>
        <FilePicker paths={files.map((file) => file.path)} path={path} onChoose={setChosen} />
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
    </OverEditor>
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
