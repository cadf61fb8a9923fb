// Blocks of a lesson that run where they stand. The core marks them; here each gets a place under
// it, which whoever can run programs fills.

import { type ReactNode, useLayoutEffect, useState } from 'react';

/** What stands under a block with this text; in `lines` marks may be laid over its lines. */
export type RenderCell = (source: string, lines: HTMLElement) => ReactNode;

export interface CellPlace {
  readonly host: HTMLElement;
  readonly source: string;
  /** Lies over the block, as large as its lines. */
  readonly lines: HTMLElement;
  /** Another for each text: a cell of the text before leaves nothing behind. */
  readonly key: string;
}

/** The places under the blocks of `html`, made once its elements are in the root. */
export function useCellPlaces(
  root: React.RefObject<HTMLElement | null>,
  html: string,
  wanted: boolean,
): readonly CellPlace[] {
  const [places, setPlaces] = useState<readonly CellPlace[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `html` is new elements in the root
  useLayoutEffect(() => {
    if (root.current && wanted) setPlaces(makePlaces(root.current));
  }, [html, wanted]);
  return places;
}

function makePlaces(root: HTMLElement): CellPlace[] {
  return [...root.querySelectorAll<HTMLElement>('pre[data-run]')].map((pre) => {
    const block = pre.closest('[data-code]') ?? pre;
    const host = document.createElement('div');
    host.dataset.cell = '';
    block.after(host);
    const source = pre.textContent ?? '';
    const lines = document.createElement('div');
    lines.dataset.lines = '';
    pre.append(lines);
    return { host, source, lines, key: crypto.randomUUID() };
  });
}

/** Shift+Enter in a cell: runs it and goes to the next one. Answers whether there was a cell. */
export function runAndNext(root: HTMLElement, target: Element): boolean {
  const blocks = [...root.querySelectorAll<HTMLElement>('pre[data-run]')];
  const place = (block: Element) => block.closest('[data-code]')?.nextElementSibling ?? null;
  const at = blocks.findIndex((block) => block.contains(target) || place(block)?.contains(target));
  const block = blocks[at];
  if (!block) return false;
  place(block)?.querySelector<HTMLElement>('[data-cell-run]')?.click();
  const next = blocks[at + 1];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return true;
}
