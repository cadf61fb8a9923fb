// Whether the author's solution stands over the editor, and whether the learner has said once that
// it may, before passing.

import { useState } from 'react';
import type { FileText } from '../../../bindings/FileText';

export interface SolutionState {
  /** What is shown; `null` when nothing is. */
  files: readonly FileText[] | null;
  /** Somebody who has not passed wants to see it all the same. */
  agreed: boolean;
  agree: () => void;
  show: (files: readonly FileText[]) => void;
  close: () => void;
}

export function useSolution(): SolutionState {
  const [files, setFiles] = useState<readonly FileText[] | null>(null);
  const [agreed, setAgreed] = useState(false);
  return {
    files,
    agreed,
    agree: () => setAgreed(true),
    show: setFiles,
    close: () => setFiles(null),
  };
}
