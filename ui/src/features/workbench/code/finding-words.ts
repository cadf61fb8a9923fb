// The words for a finding: the author's where the lesson has some, else the platform's by its rule.
// A rule without words in the tables does not compile.

import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { CodeFinding } from '../../../bindings/CodeFinding';
import type { Language } from '../../../bindings/Language';
import { pick } from '../../../lib/i18n';

/** Why it is said, in the language of the lesson for the author's words. */
export function useReason(language: Language): (finding: CodeFinding) => string {
  const { t } = useTranslation('workbench');
  return useCallback(
    ({ rule, message }) => (message ? pick(message, language) : t(`code.reason.${rule}`)),
    [t, language],
  );
}
