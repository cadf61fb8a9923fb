// A few sentences of HTML that the core made safe: paragraphs, lists and code, no more life than that.

import { memo } from 'react';
import styles from './SafeHtml.module.css';

export const SafeHtml = memo(function SafeHtml({ html }: { html: string }) {
  return (
    <div
      className={styles.text}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the core sanitised it and the policy forbids scripts
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
});
