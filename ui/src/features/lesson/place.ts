// Where the reader is in a text, told by headings, so that the same place can be found again in
// the other language, whose headings have other ids and other heights.

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
