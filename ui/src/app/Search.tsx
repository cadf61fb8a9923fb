// The palette with everything there is to find. Gathered while it is open and not before: what can
// be done changes with every lesson, and nobody reads it then.

import type { CourseTree } from '../bindings/CourseTree';
import type { LessonRef } from '../bindings/LessonRef';
import type { LessonText } from '../bindings/LessonText';
import { Palette, PaletteList } from '../features/palette/Palette';
import { useEntries } from './entries';

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
  const entries = useEntries({ trees, text }, onOpen);
  return <PaletteList entries={entries} onClose={onClose} />;
}
