// Whether what was run, or checked, is still what stands in the editor.

import { useSyncExternalStore } from 'react';
import type { FileText } from '../../../bindings/FileText';
import type { WorkFiles } from './work-files';

/** Whether the files are no longer what `id` was about; drawn again only when that flips. */
export function useStale(files: WorkFiles, id: string | null, texts: readonly FileText[]): boolean {
  return useSyncExternalStore(files.subscribe, () => id !== null && !files.equal(texts));
}
