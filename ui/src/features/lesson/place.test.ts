// The same place is found again in a text of the other language, whatever its heights.

import { expect, test } from 'vitest';
import { keepPlace, placeOf, returnTo } from './place';

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

/** A formula at this height grows by 30 while the paragraph at 500 is read. */
const grow = (formula: number, expected: number) => {
  const scroller = text([], 480);
  scroller.getBoundingClientRect = () => new DOMRect(0, 0, 300, 200);
  let grown = 0;
  const box = document.createElement('p');
  const first = document.createElement('span');
  const read = document.createElement('p');
  box.append(first);
  scroller.append(box, read);
  document.body.append(scroller);
  first.getBoundingClientRect = () => new DOMRect(0, formula - scroller.scrollTop, 9, 9);
  read.getBoundingClientRect = () => new DOMRect(0, 500 + grown - scroller.scrollTop, 300, 99);
  // The gap between the two belongs to what holds both.
  document.elementFromPoint = (_, y) => (y < 20 ? scroller : read);
  keepPlace(scroller, first, () => {
    grown = 30;
  });
  expect(scroller.scrollTop).toBe(expected);
  scroller.remove();
};

test('what grows above what is read does not move it', () => grow(100, 510));
test('what grows below the top of what is seen moves only what follows', () => grow(490, 480));
