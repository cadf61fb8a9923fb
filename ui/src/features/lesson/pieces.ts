// A long text comes onto the page in pieces: first what fills the window, then a piece after each
// frame. The web view lays out whatever it is given before it paints, and for a chapter as long as a
// book's that takes longer than all else; in pieces it neither holds up the first frame nor the scrolling
// after it.

import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { afterPaint } from '../../lib/after-paint';

/**
 * A tag as the core writes it: attributes stand in double quotes, every element is closed but those that
 * are empty by nature, and there are no comments.
 */
const TAG = /<(\/?)([a-z][a-z0-9]*)(?:[^">]|"[^"]*")*>/g;
const EMPTY = new Set(['br', 'hr', 'img', 'input', 'wbr']);

/** How wide a line is in Latin letters, as the column of a lesson; a Chinese character counts as two. */
const LINE_LETTERS = 74;
/** How high a line is, in pixels. */
const LINE_PIXELS = 27;
/** Of a block beyond its text: its last line is half full, and its margin is more than half a line. */
const BLOCK_LINES = 1;
/** Lines in one piece but the first: a tenth of the longest chapter, and a frame's work. */
const PIECE_LINES = 150;

/** A text on its way onto the page. */
export class Pieces {
  readonly html: string;
  private readonly blocks: Generator<Block>;
  /** Without the line end behind the last block. */
  private readonly length: number;
  private end = 0;

  constructor(html: string) {
    this.html = html;
    this.blocks = blocksOf(html);
    this.length = html.trimEnd().length;
  }

  /** Everything was taken. */
  get isWhole(): boolean {
    return this.end >= this.length;
  }

  /** The next blocks, as many as fill so many lines; all there are for infinitely many. */
  take(lines: number): string {
    const begin = this.end;
    if (lines === Number.POSITIVE_INFINITY) this.end = this.html.length;
    for (let filled = 0; filled < lines && !this.isWhole; ) {
      const { value, done } = this.blocks.next();
      // What does not end as it should is for the web view to make sense of.
      this.end = done ? this.html.length : value.end;
      filled += done ? 0 : value.lines;
    }
    return this.html.slice(begin, this.end);
  }
}

/** One element of the text itself, not inside another. */
interface Block {
  /** Where it ends in the HTML. */
  end: number;
  /** About how many lines of a lesson it fills; code and tables fill more. */
  lines: number;
}

function* blocksOf(html: string): Generator<Block> {
  let depth = 0;
  let letters = 0;
  let last = 0;
  for (const tag of html.matchAll(TAG)) {
    const [whole, slash, name = ''] = tag;
    letters += lettersIn(html.slice(last, tag.index));
    last = tag.index + whole.length;
    if (slash) depth -= 1;
    else if (!EMPTY.has(name)) depth += 1;
    if (depth > 0) continue;
    yield { end: last, lines: BLOCK_LINES + letters / LINE_LETTERS };
    letters = 0;
  }
}

function lettersIn(text: string): number {
  let letters = 0;
  for (const letter of text) letters += letter < '⺀' ? 1 : 2;
  return letters;
}

/** What is on the page of a text. */
export interface OnPage {
  /** Differs whenever there is more. */
  pieces: number;
  /** Puts in the rest now, for who wants to go to a place in it. */
  complete: () => void;
}

/**
 * Writes `html` into `root`: what fills the window, then the rest. It is there at once when `atOnce` says so
 * and when it takes the place of another, so that who reads keeps the place.
 */
export function usePieces(
  root: RefObject<HTMLElement | null>,
  html: string | null,
  atOnce: boolean,
): OnPage {
  const [first] = useState(html);
  const [pieces, setPieces] = useState(1);
  const [isAsked, setAsked] = useState(false);
  const rest = useRef<Pieces | null>(null);
  const all = atOnce || isAsked || html !== first;

  useLayoutEffect(() => {
    const text = root.current;
    if (!text || html === null) return undefined;
    if (rest.current?.html !== html) {
      rest.current = new Pieces(html);
      text.replaceChildren();
    }
    const screen = pieces === 1 ? window.innerHeight / LINE_PIXELS : PIECE_LINES;
    const piece = rest.current.take(all ? Number.POSITIVE_INFINITY : screen);
    text.insertAdjacentHTML('beforeend', piece);
    if (rest.current.isWhole) return undefined;
    let isGone = false;
    void afterPaint().then(() => isGone || setPieces(pieces + 1));
    return () => {
      isGone = true;
    };
  }, [root, html, all, pieces]);

  return {
    pieces: all ? 0 : pieces,
    complete: () => flushSync(() => setAsked(true)),
  };
}
