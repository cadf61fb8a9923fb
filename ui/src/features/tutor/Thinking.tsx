// What the model thought before it spoke, folded: who wants to see it opens it.

import { useTranslation } from 'react-i18next';
import styles from './Message.module.css';

export function Thinking({ text, open }: { text: string; open: boolean }) {
  const { t } = useTranslation('tutor');
  return (
    <details className={styles.thinking} open={open}>
      <summary>{t('thinking')}</summary>
      <p className={styles.thoughts}>{text}</p>
    </details>
  );
}
