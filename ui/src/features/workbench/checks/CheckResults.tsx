// Results of an earlier round, all closed; each opens to its evidence.

import { useState } from 'react';
import type { CheckResult } from '../../../bindings/CheckResult';
import type { Language } from '../../../bindings/Language';
import { pick } from '../../../lib/i18n';
import { CheckItem } from './CheckItem';
import styles from './ChecksPane.module.css';

export interface CheckResultsProps {
  results: readonly CheckResult[];
  language: Language;
  files: readonly string[];
  onOpen: (path: string, line: number) => void;
}

export function CheckResults({ results, language, files, onOpen }: CheckResultsProps) {
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <ol className={styles.list}>
      {results.map((result) => (
        <CheckItem
          key={result.id}
          title={pick(result.title, language)}
          language={language}
          status={result.status}
          result={result}
          open={opened === result.id}
          onToggle={(open) => setOpened(open ? result.id : null)}
          files={files}
          onOpen={onOpen}
        />
      ))}
    </ol>
  );
}
