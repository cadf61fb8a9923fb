// Why live mode shows an older output: one quiet line, not a live region, since it changes with the
// typing.

import { useTranslation } from 'react-i18next';
import type { LiveNote } from '../run/live-runner';
import styles from './OutputPane.module.css';

export function LiveNoteLine({ note }: { note: LiveNote }) {
  const { t } = useTranslation('workbench');
  return (
    <p className={styles.live}>
      {t(`live.${note.kind}`)}
      {note.kind === 'broken' && note.message && <code>{note.message}</code>}
    </p>
  );
}
