// Says that a run forks from an older one, and lays the two side by side.

import { GitFork } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ForkAt } from '../../../bindings/ForkAt';
import { Button } from '../../../components/Button';
import styles from './TracePane.module.css';

export interface ForkNoteProps {
  fork: ForkAt;
  /** The two lie side by side. */
  isCompared: boolean;
  /** `''` shows the steps of this run alone. */
  onCompare: (run: string) => void;
}

export function ForkNote({ fork, isCompared, onCompare }: ForkNoteProps) {
  const { t } = useTranslation('workbench');
  return (
    <div className={styles.web}>
      <p className={styles.forked}>
        <GitFork aria-hidden />
        {t(`fork.from.${fork.change.kind}`)}
      </p>
      <Button onClick={() => onCompare(isCompared ? '' : fork.run)}>
        {t(isCompared ? 'fork.alone' : 'fork.compare')}
      </Button>
    </div>
  );
}
