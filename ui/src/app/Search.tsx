// The palette with everything there is to find. Gathered while it is open and not before: what can
// be done changes with every lesson, and nobody reads it then.

import { useMemo } from 'react';
import type { CourseTree } from '../bindings/CourseTree';
import type { Language } from '../bindings/Language';
import type { LessonHit } from '../bindings/LessonHit';
import type { LessonRef } from '../bindings/LessonRef';
import type { LessonText } from '../bindings/LessonText';
import { Palette, PaletteList } from '../features/palette/Palette';
import type { Entry } from '../features/palette/search';
import { pick } from '../lib/i18n';
import { useSettings } from '../lib/settings';
import { useSteady } from '../lib/steady';
import { useEntries } from './entries';
import { useHits } from './use-hits';

export interface SearchProps {
  open: boolean;
  trees: readonly CourseTree[];
  /** Of the open lesson. */
  text?: LessonText | undefined;
  onOpen: (lesson: LessonRef, heading?: string | null) => void;
  onClose: () => void;
}

export function Search(props: SearchProps) {
  return (
    <Palette open={props.open} onClose={props.onClose}>
      <Found {...props} />
    </Palette>
  );
}

function Found({ trees, text, onOpen, onClose }: SearchProps) {
  const { language, contentLanguage, update } = useSettings();
  const entries = useEntries({ trees, text }, onOpen);
  const { hits, ask } = useHits();
  const open = useSteady((hit: LessonHit) => {
    // A passage that exists in the other language only is read in it.
    if (hit.language !== contentLanguage) update({ contentLanguage: hit.language });
    onOpen(hit.lesson, hit.anchor);
  });
  const found = useMemo(
    () => hits.map((hit, at) => hitEntry(hit, at, language, open)),
    [hits, language, open],
  );
  return <PaletteList entries={entries} found={found} onQuery={ask} onClose={onClose} />;
}

function hitEntry(
  hit: LessonHit,
  at: number,
  language: Language,
  open: (hit: LessonHit) => void,
): Entry {
  const heading = hit.heading.map(({ text }) => text).join('');
  const title = pick(hit.title, hit.language);
  return {
    id: `hit-${at}`,
    kind: hit.isCode ? 'code' : 'text',
    label: [pick(hit.courseTitle, language), `${hit.number} ${title}`, heading]
      .filter((step, place, all) => step !== '' && (place < 2 || !all[1]?.endsWith(step)))
      .join(' › '),
    words: '',
    excerpt: hit.excerpt,
    perform: () => open(hit),
  };
}
