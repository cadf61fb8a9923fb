// Blocks of a lesson that run where they stand. The core marks them; here each gets a place under
// it, which whoever can run programs fills.

import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { afterPaint } from '../../lib/after-paint';

/** A block that runs. */
export interface LessonCell {
  /** Its text as it is now: the reader may change some. */
  readonly read: () => string;
  /** The texts of the blocks it comes after; none when it stands for itself. */
  readonly before: readonly string[];
}

/** What stands under a block; in `lines` marks may be laid over its lines. */
export type RenderCell = (cell: LessonCell, lines: HTMLElement) => ReactNode;

export interface CellPlace {
  readonly host: HTMLElement;
  readonly cell: LessonCell;
  /** Lies over the block, as large as its lines. */
  readonly lines: HTMLElement;
  /** Another for each text: a cell of the text before leaves nothing behind. */
  readonly key: string;
}

/** Marks the button that runs a block. */
const RUN = '[data-cell-run]';

/**
 * The places under the blocks of `html`, which comes in `pieces`. They are there with its elements, and
 * known one frame later: what fills them would hold up the text.
 */
export function useCellPlaces(
  root: React.RefObject<HTMLElement | null>,
  html: string,
  pieces: number,
  wanted: boolean,
  edited: string,
): readonly CellPlace[] {
  const [places, setPlaces] = useState<readonly CellPlace[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `html` and each piece are new elements
  useLayoutEffect(() => {
    if (!root.current || !wanted) return;
    const made = makePlaces(root.current, edited);
    // Those of a text that is gone went with its elements.
    const add = (old: readonly CellPlace[]) =>
      [...old, ...made].filter(({ host }) => host.isConnected);
    void afterPaint().then(() => setPlaces(add));
  }, [html, pieces, wanted]);
  useEffect(() => {
    for (const { host } of places) {
      if (host.dataset.asked === undefined) continue;
      delete host.dataset.asked;
      host.querySelector<HTMLElement>(RUN)?.click();
    }
  }, [places]);
  return places;
}

function makePlaces(root: HTMLElement, edited: string): CellPlace[] {
  const blocks = [...root.querySelectorAll<HTMLElement>('pre[data-run]')];
  const placed = (pre: HTMLElement) => pre.querySelector('[data-lines]') !== null;
  const shown = blocks.filter((pre) => !pre.hidden && !placed(pre));
  return shown.map((pre) => {
    if (pre.dataset.editable !== undefined) makeEditable(pre, edited);
    const host = document.createElement('div');
    host.dataset.cell = '';
    framed(pre).after(host);
    const lines = document.createElement('div');
    lines.dataset.lines = '';
    pre.append(lines);
    const before = needed(blocks, pre);
    // What the reader changed in an earlier block counts in the later ones too.
    const cell = {
      read: () => textOf(pre),
      get before() {
        return before.map(textOf);
      },
    };
    return { host, cell, lines, key: crypto.randomUUID() };
  });
}

/** A block with what the page puts around it: its place comes after that. */
function framed(pre: Element): Element {
  return pre.closest('[data-code]') ?? pre;
}

/** Without the marks that lie over it. */
function textOf(pre: HTMLElement): string {
  return pre.querySelector('code')?.textContent ?? '';
}

/** The blocks that one comes after, directly or through others, in their order in the text. */
function needed(blocks: readonly HTMLElement[], pre: HTMLElement): HTMLElement[] {
  const found = new Set<HTMLElement>();
  const open = [pre];
  for (let at = open.pop(); at; at = open.pop()) {
    for (const name of at.dataset.after?.split(' ') ?? []) {
      const other = blocks.find((block) => block.dataset.name === name);
      if (!other || found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return blocks.filter((block) => found.has(block));
}

function makeEditable(pre: HTMLElement, label: string): void {
  const code = pre.querySelector('code');
  if (!code) return;
  code.setAttribute('contenteditable', 'plaintext-only');
  code.setAttribute('role', 'textbox');
  code.setAttribute('aria-multiline', 'true');
  code.setAttribute('aria-label', label);
  code.spellcheck = false;
}

/**
 * Shift+Enter in a cell: runs it, as soon as its place is filled, and goes to the next one. Answers
 * whether there was a cell.
 */
export function runAndNext(root: HTMLElement, target: Element): boolean {
  const blocks = [...root.querySelectorAll<HTMLElement>('pre[data-run]:not([hidden])')];
  const place = (block: Element) => {
    const after = framed(block).nextElementSibling;
    return after instanceof HTMLElement && after.dataset.cell !== undefined ? after : null;
  };
  const at = blocks.findIndex((block) => block.contains(target) || place(block)?.contains(target));
  const block = blocks[at];
  if (!block) return false;
  const host = place(block);
  const button = host?.querySelector<HTMLElement>(RUN);
  if (button) button.click();
  else if (host) host.dataset.asked = '';
  const next = blocks[at + 1];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return true;
}
