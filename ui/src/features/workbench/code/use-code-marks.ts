// Findings as the editor marks them: the words are chosen here, the places come from the core.

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CodeFinding } from '../../../bindings/CodeFinding';
import type { Language } from '../../../bindings/Language';
import type { CodeMark } from '../editor/port';
import { useReason } from './finding-words';

export function useCodeMarks(
  findings: readonly CodeFinding[],
  language: Language,
): readonly CodeMark[] {
  const { t } = useTranslation('workbench');
  const reason = useReason(language);
  return useMemo(
    () =>
      findings.map((finding) => ({
        path: finding.path,
        line: finding.line,
        column: finding.column,
        endLine: finding.endLine,
        endColumn: finding.endColumn,
        denied: finding.action === 'deny',
        message: t('code.mark', { name: finding.name, reason: reason(finding) }),
      })),
    [findings, t, reason],
  );
}
