// The strip that says that what is below belongs to older code.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Stale.module.css';

export function Stale(props: { children: ReactNode; action?: ReactNode }) {
  const { t } = useTranslation('workbench');
  return (
    <p className={styles.stale}>
      <span className={styles.mark}>{t('output.staleMark')}</span>
      <span className={styles.text}>{props.children}</span>
      {props.action}
    </p>
  );
}
