// Formulas are drawn as the reader comes near them. A chapter may have hundreds, each a tree of forty
// elements: all at once would take the page half a second after opening, and as many elements taken
// away again hold up the lesson that is opened next.

import { type RefObject, useEffect, useRef } from 'react';
import { afterPaint } from '../../lib/after-paint';
import { keepPlace } from './place';

/** How far around what is seen formulas are drawn: a screen above it and one below. */
const NEAR = '100% 0px';
/** Longest drawing before the next frame, in milliseconds: half of what a frame has. */
const SLICE_MS = 8;
const WAITING = 'span.math:not([data-drawn])';

/** The renderer. Its style sheet is one for the whole page, so the page waits when it comes. */
export const loadMath = () => import('./math');

/**
 * Draws the formulas of the text in `root` that are near what is seen, now and after each scroll.
 * Loads the renderer the first time one is. The places of the others stay empty.
 */
export function useFormulas(
  root: RefObject<HTMLElement | null>,
  html: string,
  pieces: number,
  has: boolean,
): void {
  const watch = useRef<IntersectionObserver | null>(null);

  useEffect(() => {
    if (!has || !root.current) return undefined;
    const scroller = scrollerOf(root.current);
    const near: HTMLElement[] = [];
    let drawing = false;
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting || !(target instanceof HTMLElement)) continue;
          observer.unobserve(target);
          near.push(target);
        }
        if (drawing || near.length === 0) return;
        drawing = true;
        void draw(near, scroller).finally(() => {
          drawing = false;
        });
      },
      { root: scroller, rootMargin: NEAR },
    );
    watch.current = observer;
    return () => {
      observer.disconnect();
      near.length = 0;
    };
  }, [root, has]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `html` and each piece are new elements
  useEffect(() => {
    for (const formula of root.current?.querySelectorAll(WAITING) ?? []) {
      watch.current?.observe(formula);
    }
  }, [root, html, pieces, has]);
}

/** Draws what waits, first come first, until nothing does. Without the renderer TeX is shown. */
async function draw(waiting: HTMLElement[], scroller: HTMLElement | null): Promise<void> {
  const math = await loadMath().catch(() => null);
  while (waiting.length > 0) {
    keepPlace(scroller, waiting[0], () => {
      const until = performance.now() + SLICE_MS;
      do {
        const formula = waiting.shift();
        if (!formula) return;
        const tex = formula.textContent ?? '';
        formula.dataset.drawn = '';
        math?.drawMath(tex, formula, formula.dataset.display === 'true');
      } while (performance.now() < until);
    });
    await afterPaint();
  }
}

/** What scrolls the text; nothing when it is the window. */
function scrollerOf(text: HTMLElement): HTMLElement | null {
  let box = text.parentElement;
  while (box && !/auto|scroll/.test(getComputedStyle(box).overflowY)) box = box.parentElement;
  return box;
}
