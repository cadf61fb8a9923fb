// Which tabs of a row have room. What has none is offered in a menu, so that no tab is cut in half.

import { type RefObject, useEffect, useState } from 'react';

/** In pixels, as the page has them now. */
export interface Room {
  /** Of each tab, those without a place too. */
  readonly widths: readonly number[];
  readonly row: number;
}

/**
 * Whether each tab is in the row. The chosen one always is; the others keep their order. `menu` is the
 * width of the button for the rest.
 */
export function fitting({ widths, row }: Room, chosen: number, menu: number): boolean[] {
  if (widths.reduce((sum, width) => sum + width, 0) <= row) return widths.map(() => true);
  let left = row - menu - (widths[chosen] ?? 0);
  return widths.map((width, at) => {
    if (at === chosen) return true;
    const fits = width <= left;
    // Behind one that has no room none has, or a tab would be between others that it never was between.
    left = fits ? left - width : 0;
    return fits;
  });
}

/** The room of a row and its tabs; null where there is no layout yet. `tabs` names them. */
export function useRoom(row: RefObject<HTMLElement | null>, tabs: string): Room | null {
  const [room, setRoom] = useState<Room | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other tabs are other elements
  useEffect(() => {
    const box = row.current;
    if (!box) return undefined;
    const all = [...box.querySelectorAll<HTMLElement>('[role="tab"]')];
    const watch = new ResizeObserver(() => {
      const widths = all.map((tab) => tab.getBoundingClientRect().width);
      setRoom({ widths, row: box.clientWidth });
    });
    for (const watched of [box, ...all]) watch.observe(watched);
    return () => watch.disconnect();
  }, [row, tabs]);
  return room;
}
