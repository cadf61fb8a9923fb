// Finds what a learner types, in either language, as they type.

import type { HitPart } from '../../bindings/HitPart';

export type EntryKind = 'lesson' | 'heading' | 'command' | 'text' | 'code';

export interface Entry {
  id: string;
  kind: EntryKind;
  /** What is shown. */
  label: string;
  /** A second line, with what was looked for marked in it. */
  excerpt?: HitPart[];
  /** Everything it can be found by: both languages, numbers. */
  words: string;
  shortcut?: string;
  perform: () => void;
}

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

/** Every word of the query must be found somewhere; a label that begins with the query comes first. */
export function search(entries: readonly Entry[], query: string): Entry[] {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  const hits = entries.filter((entry) => {
    const words = fold(`${entry.label} ${entry.words}`);
    return wanted.every((word) => words.includes(word));
  });
  const begins = (entry: Entry) => fold(entry.label).startsWith(fold(query).trim());
  return wanted.length === 0 ? hits : [...hits.filter(begins), ...hits.filter((e) => !begins(e))];
}
