// What the tutor looked up, in words, and where a place of it leads.

import type { TFunction } from 'i18next';
import type { ToolPlace } from '../../bindings/ToolPlace';
import type { ToolUse } from '../../bindings/ToolUse';

/** The one line of a tool: on the screen, and for who hears it. */
export function lookedWords(tool: ToolUse, t: TFunction<'tutor'>): string {
  const { kind, state, asked, places } = tool;
  const [place] = places;
  switch (state) {
    case 'running':
      return kind === 'searchLessons' ? t('looked.searching', { asked }) : t('looked.reading');
    case 'refused':
      if (kind === 'unknown') return t('looked.unknown');
      return asked === '' ? t('looked.refused') : t('looked.noLesson');
    case 'failed':
      return t('looked.failed');
    case 'interrupted':
      return t('looked.interrupted');
    case 'done':
      if (kind === 'searchLessons') {
        return place
          ? t('looked.search', { asked, count: places.length })
          : t('looked.none', { asked });
      }
      return t('looked.read', { place: place ? placeWords(place) : asked });
  }
}

/** A lesson, and the heading in it. */
export function placeWords({ title, heading }: ToolPlace): string {
  return heading === '' ? title : `${title} › ${heading}`;
}
