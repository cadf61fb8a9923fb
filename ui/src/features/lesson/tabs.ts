// Tabs inside a lesson's text. The core writes them as titled sections, all of which can be read;
// here one of each group is shown, and the same title is chosen in every group of the text.

/** Makes tabs of the groups that are none yet. */
export function hydrateTabs(root: HTMLElement): void {
  for (const group of root.querySelectorAll<HTMLElement>('div.tabs:not([data-tabs])')) {
    const panels = panelsOf(group);
    if (panels.length === 0) continue;
    group.dataset.tabs = '';
    const list = document.createElement('div');
    list.setAttribute('role', 'tablist');
    list.append(...panels.map((panel) => makeTab(panel, panels)));
    group.prepend(list);
    show(group, 0);
  }
}

/** A click on a tab. Answers whether there was one. */
export function clickTab(root: HTMLElement, at: Element): boolean {
  const tab = at.closest<HTMLElement>('[data-tabs] > [role="tablist"] > [role="tab"]');
  if (!tab) return false;
  choose(root, tab);
  return true;
}

/** Arrows, Home and End in a row of tabs. Answers whether the key was meant for one. */
export function keyInTabs(root: HTMLElement, at: Element, key: string): boolean {
  const tab = at.closest<HTMLElement>('[data-tabs] > [role="tablist"] > [role="tab"]');
  const tabs = [...(tab?.parentElement?.children ?? [])] as HTMLElement[];
  if (!tab) return false;
  const now = tabs.indexOf(tab);
  const last = tabs.length - 1;
  const next: Record<string, number> = {
    ArrowRight: now === last ? 0 : now + 1,
    ArrowLeft: now === 0 ? last : now - 1,
    Home: 0,
    End: last,
  };
  const chosen = tabs[next[key] ?? -1];
  if (!chosen) return false;
  choose(root, chosen);
  chosen.focus();
  return true;
}

/** Shows the tab in which an element stands, so that a link to it finds it. */
export function showTabOf(element: Element): void {
  const panel = element.closest<HTMLElement>('[data-tabs] > .tab');
  const group = panel?.parentElement;
  if (panel && group) show(group, panelsOf(group).indexOf(panel));
}

function panelsOf(group: HTMLElement): HTMLElement[] {
  return [...group.children].filter((child) => child.matches('section.tab')) as HTMLElement[];
}

function makeTab(panel: HTMLElement, panels: readonly HTMLElement[]): HTMLElement {
  const title = panel.querySelector<HTMLElement>(':scope > .tab-title');
  const tab = document.createElement('button');
  tab.type = 'button';
  tab.setAttribute('role', 'tab');
  tab.textContent = title?.textContent || String(panels.indexOf(panel) + 1);
  tab.id = `tab-${crypto.randomUUID()}`;
  panel.id = `${tab.id}-panel`;
  panel.setAttribute('role', 'tabpanel');
  panel.setAttribute('aria-labelledby', tab.id);
  tab.setAttribute('aria-controls', panel.id);
  if (title) title.hidden = true;
  return tab;
}

function show(group: HTMLElement, chosen: number): void {
  panelsOf(group).forEach((panel, index) => {
    panel.hidden = index !== chosen;
  });
  group.querySelectorAll<HTMLElement>(':scope > [role="tablist"] > *').forEach((tab, index) => {
    tab.setAttribute('aria-selected', String(index === chosen));
    tab.tabIndex = index === chosen ? 0 : -1;
  });
}

/** Who reads for one system here reads for it everywhere; what was clicked stays where it was seen. */
function choose(root: HTMLElement, tab: HTMLElement): void {
  const top = tab.getBoundingClientRect().top;
  for (const group of root.querySelectorAll<HTMLElement>('[data-tabs]')) {
    const tabs = [...group.querySelectorAll<HTMLElement>(':scope > [role="tablist"] > *')];
    const same = tabs.findIndex((other) => other === tab || other.textContent === tab.textContent);
    if (same >= 0) show(group, tabs.includes(tab) ? tabs.indexOf(tab) : same);
  }
  const scroller = tab.closest('article');
  if (scroller) scroller.scrollTop += tab.getBoundingClientRect().top - top;
}
