// The same place is found again in a text of the other language, whatever its heights.

import { expect, test } from 'vitest';
import { placeOf, returnTo } from './place';

/** A text whose headings stand at these heights, scrolled so far. */
function text(headings: number[], scrolled: number): HTMLElement {
  const scroller = document.createElement('div');
  let top = scrolled;
  Object.defineProperty(scroller, 'scrollTop', {
    get: () => top,
    set: (next: number) => {
      top = next;
    },
  });
  for (const height of headings) {
    const heading = document.createElement('h2');
    heading.getBoundingClientRect = () => new DOMRect(0, height - top, 0, 20);
    scroller.append(heading);
  }
  return scroller;
}

const check = (from: number[], scrolled: number, to: number[], expected: number) => {
  const after = text(to, 0);
  returnTo(after, placeOf(text(from, scrolled)));
  expect(after.scrollTop).toBe(expected);
};

test('below a heading it stays as far below it', () => check([100, 500], 620, [80, 300], 420));
test('before the first heading it stays where it was', () => check([900], 30, [700], 30));
test('at the top it stays at the top', () => check([100, 500], 0, [80, 300], 0));
test('a heading the other text lacks leads to the top', () => check([100, 500], 620, [80], 0));
