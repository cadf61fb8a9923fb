// The tutor's code beside the learner's, over the editor's place: nothing changes until it is taken.

import { Check, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/Button';
import { DiffView } from '../editor/DiffView';
import { OverEditor } from '../editor/OverEditor';
import type { EditorLook } from '../editor/port';
import styles from '../history/VersionView.module.css';

export interface SuggestionProps {
  path: string;
  before: string;
  after: string;
  look: EditorLook;
  onTake: () => void;
  onClose: () => void;
}

export function Suggestion({ path, before, after, look, onTake, onClose }: SuggestionProps) {
  const { t } = useTranslation('workbench');
  return (
    <OverEditor label={t('help.suggestion')} onClose={onClose}>
      <div className={styles.bar}>
        <span className={styles.text}>{t('help.compare', { path })}</span>
        <Button kind="primary" icon={<Check aria-hidden />} onClick={onTake}>
          {t('help.take')}
        </Button>
        <Button icon={<X aria-hidden />} onClick={onClose}>
          {t('help.leave')}
        </Button>
      </div>
      <DiffView path={path} before={before} after={after} look={look} />
    </OverEditor>
  );
}
