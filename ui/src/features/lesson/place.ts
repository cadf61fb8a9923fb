// Where the reader is in a text. Told by headings the same place can be found again in the other
// language, whose headings have other ids and other heights.

/** Less than a line of text, in pixels. */
const LINE = 16;

export interface Place {
  /** Which heading, counted; -1 is the beginning. */
  heading: number;
  /** Pixels from the top of what is seen down to that heading; negative above it. */
  offset: number;
}

function headingsOf(scroller: HTMLElement): HTMLElement[] {
  return [...scroller.querySelectorAll<HTMLElement>('h2, h3, h4, h5, h6')];
}

/** The last heading at or above the top of what is seen. */
export function placeOf(scroller: HTMLElement): Place {
  const top = scroller.getBoundingClientRect().top;
  const headings = headingsOf(scroller);
  const heading = headings.findLastIndex((h) => h.getBoundingClientRect().top - top < 48);
  const found = headings[heading];
  return { heading, offset: found ? found.getBoundingClientRect().top - top : -scroller.scrollTop };
}

/** Scrolls so that the place is where it was. */
export function returnTo(scroller: HTMLElement, place: Place): void {
  const heading = headingsOf(scroller)[place.heading];
  if (!heading) {
    scroller.scrollTop = place.heading === -1 ? -place.offset : 0;
    return;
  }
  const top = scroller.getBoundingClientRect().top;
  scroller.scrollTop += heading.getBoundingClientRect().top - top - place.offset;
}

/**
 * Changes the text from `first` on. When that stands above what is seen, what is read stays where it
 * is: the web view does not see to it.
 */
export function keepPlace(
  scroller: HTMLElement | null,
  first: Element | undefined,
  change: () => void,
): void {
  const box = scroller?.getBoundingClientRect();
  if (!scroller || !box || !first || first.getBoundingClientRect().top >= box.top) {
    change();
    return;
  }
  const read = readIn(box, first);
  const before = read?.getBoundingClientRect().top ?? 0;
  change();
  if (read?.isConnected) scroller.scrollTop += read.getBoundingClientRect().top - before;
}

/** The uppermost of what is seen in a box, without what goes around `changed`. */
function readIn(box: DOMRect, changed: Element): Element | undefined {
  for (let down = box.top + 1; down < box.bottom; down += LINE) {
    const found = document.elementFromPoint(box.left + box.width / 2, down);
    if (found && !found.contains(changed)) return found;
  }
  return undefined;
}
