// The three panes of the learn page: their sizes and which are closed, remembered in the settings
// under the page's own names, and the way of the focus between them.

import { useCallback, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Layout, LayoutChangedMeta, PanelImperativeHandle } from 'react-resizable-panels';
import { useSettings } from '../../lib/settings';

export const PANES = ['tree', 'lesson', 'work'] as const;
export type Pane = (typeof PANES)[number];

const DEFAULT_SHARE: Record<Pane, number> = { tree: 18, lesson: 40, work: 42 };

const sizeKey = (pane: Pane) => `learn.${pane}`;
const closedKey = (pane: Pane) => `learn.${pane}.closed`;

// Where a pane takes the focus, best first; the editor's text area stands for the workbench.
const FOCUS = [
  '[role="treeitem"][tabindex="0"]',
  '.monaco-editor .native-edit-context',
  '.monaco-editor textarea',
  '[data-state="active"] [data-pane-focus]',
  'button, input, [tabindex="0"]',
];

export interface Panes {
  isClosed: (pane: Pane) => boolean;
  /** Percent of the width, as remembered. */
  share: (pane: Pane) => number;
  toggle: (pane: Pane) => void;
  focus: (pane: Pane) => void;
  /** What has the focus in this pane is about to go; the focus is meant for what comes. */
  expect: (pane: Pane) => void;
  /** The pane has something in it now: the focus goes there if it was meant for it and nobody else has it. */
  arrive: (pane: Pane) => void;
  /** Moves the focus by panes that are open: 1 forward, -1 back. */
  step: (by: 1 | -1) => void;
  /** The layout of the page as remembered, in percent. */
  initial: Layout;
  onLayout: (layout: Layout, meta: LayoutChangedMeta) => void;
  handle: (pane: Pane) => (handle: PanelImperativeHandle | null) => void;
  element: (pane: Pane) => (element: HTMLElement | null) => void;
}

export function usePanes(): Panes {
  const { settings, update } = useSettings();
  const handles = useRef<Partial<Record<Pane, PanelImperativeHandle | null>>>({});
  const elements = useRef<Partial<Record<Pane, HTMLElement | null>>>({});
  // Where the focus was sent before there was anything, and where it is until then.
  const awaited = useRef<{ pane: Pane; from: Element | null } | null>(null);
  const { panes } = settings;

  const isClosed = (pane: Pane) => panes[closedKey(pane)] === 1;
  const share = (pane: Pane) => panes[sizeKey(pane)] ?? DEFAULT_SHARE[pane];

  function setClosed(pane: Pane, closed: boolean) {
    const handle = handles.current[pane];
    if (closed) handle?.collapse();
    else handle?.resize(`${share(pane)}%`);
    update({ panes: { [closedKey(pane)]: closed ? 1 : 0 } });
  }
  function toggle(pane: Pane) {
    const closed = !isClosed(pane);
    // One of the text and the workbench always stays, or the page would be empty.
    const other = pane === 'lesson' ? 'work' : 'lesson';
    if (closed && pane !== 'tree' && isClosed(other)) setClosed(other, false);
    if (closed && elements.current[pane]?.contains(document.activeElement)) {
      focus(pane === 'lesson' ? 'work' : 'lesson');
    }
    setClosed(pane, closed);
  }
  function focus(pane: Pane) {
    // What is inert takes no focus, so the pane must be open on the page first.
    if (isClosed(pane)) flushSync(() => setClosed(pane, false));
    const element = elements.current[pane];
    awaited.current = null;
    for (const selector of FOCUS) {
      const target = element?.querySelector<HTMLElement>(selector);
      if (!target) continue;
      target.focus();
      return;
    }
    awaited.current = { pane, from: document.activeElement };
  }
  function expect(pane: Pane) {
    awaited.current = { pane, from: document.body };
  }
  function arrive(pane: Pane) {
    const wish = awaited.current;
    if (wish?.pane !== pane) return;
    awaited.current = null;
    if (wish.from === document.activeElement) focus(pane);
  }
  function step(by: 1 | -1) {
    const open = PANES.filter((pane) => !isClosed(pane));
    const at = open.findIndex((pane) => elements.current[pane]?.contains(document.activeElement));
    const from = at === -1 && by === -1 ? 0 : at;
    const next = open[(from + by + open.length) % open.length];
    if (next) focus(next);
  }
  function onLayout(layout: Layout, meta: LayoutChangedMeta) {
    // A narrower window squeezes the panes; that is not what the learner chose.
    if (!meta.isUserInteraction) return;
    const change: Record<string, number> = {};
    for (const pane of PANES) {
      const size = layout[pane];
      if (size === undefined) continue;
      const closed = size < 1;
      if (closed !== isClosed(pane)) change[closedKey(pane)] = closed ? 1 : 0;
      if (!closed && Math.abs(size - share(pane)) >= 0.5)
        change[sizeKey(pane)] = Math.round(size * 10) / 10;
    }
    if (Object.keys(change).length > 0) update({ panes: change });
  }

  const handle = useCallback(
    (pane: Pane) => (value: PanelImperativeHandle | null) => {
      handles.current[pane] = value;
    },
    [],
  );
  const element = useCallback(
    (pane: Pane) => (value: HTMLElement | null) => {
      elements.current[pane] = value;
    },
    [],
  );
  const [initial] = useState(() => layoutOf(isClosed, share));
  return {
    isClosed,
    share,
    toggle,
    focus,
    expect,
    arrive,
    step,
    initial,
    onLayout,
    handle,
    element,
  };
}

/** A closed pane leaves its width to the text, or to the workbench when the text is closed. */
function layoutOf(isClosed: (pane: Pane) => boolean, share: (pane: Pane) => number): Layout {
  const sum = PANES.reduce((total, pane) => total + share(pane), 0);
  const percent = (pane: Pane) => (isClosed(pane) ? 0 : (share(pane) / sum) * 100);
  const [tree, lesson, work] = PANES.map(percent) as [number, number, number];
  const spare = 100 - tree - lesson - work;
  return isClosed('lesson')
    ? { tree, lesson, work: work + spare }
    : { tree, lesson: lesson + spare, work };
}
