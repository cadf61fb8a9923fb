// Tabs in a lesson: one of a group is seen, the same title everywhere, by mouse and by keyboard.

import { beforeEach, expect, test } from 'vitest';
import { clickTab, hydrateTabs, keyInTabs, showTabOf } from './tabs';

const group = (...titles: string[]) =>
  `<div class="tabs">${titles
    .map(
      (t) =>
        `<section class="tab"><p class="tab-title">${t}</p><p id="h-${t}">in ${t}</p></section>`,
    )
    .join('')}</div>`;

let root: HTMLElement;

function load(html: string): void {
  root = document.createElement('div');
  root.innerHTML = html;
  document.body.replaceChildren(root);
  hydrateTabs(root);
}

const tabs = () => [...root.querySelectorAll<HTMLElement>('[role="tab"]')];
const seen = () =>
  [...root.querySelectorAll<HTMLElement>('.tab')]
    .filter((panel) => !panel.hidden)
    .map((panel) => panel.querySelector('p:not(.tab-title)')?.textContent);
const tab = (at: number) => tabs()[at] as HTMLElement;

beforeEach(() => load(group('Windows', 'macOS', 'Linux') + group('Linux', 'Windows')));

test('the first of each group is seen, and each tab names its part', () => {
  expect(seen()).toEqual(['in Windows', 'in Linux']);
  expect(tabs().map((t) => t.textContent)).toEqual([
    'Windows',
    'macOS',
    'Linux',
    'Linux',
    'Windows',
  ]);
  expect(tab(0).getAttribute('aria-selected')).toBe('true');
  const panel = document.getElementById(tab(1).getAttribute('aria-controls') ?? '');
  expect(panel?.textContent).toContain('in macOS');
  expect(panel?.getAttribute('aria-labelledby')).toBe(tab(1).id);
});

test('choosing a title chooses it in every group that has it', () => {
  expect(clickTab(root, tab(2))).toBe(true);
  expect(seen()).toEqual(['in Linux', 'in Linux']);
  clickTab(root, tab(1));
  expect(seen()).toEqual(['in macOS', 'in Linux']);
  expect(clickTab(root, root)).toBe(false);
});

test('arrows go round and take the focus along', () => {
  expect(keyInTabs(root, tab(0), 'ArrowLeft')).toBe(true);
  expect(document.activeElement).toBe(tab(2));
  expect(seen()[0]).toBe('in Linux');
  keyInTabs(root, tab(2), 'ArrowRight');
  expect(seen()[0]).toBe('in Windows');
  keyInTabs(root, tab(0), 'End');
  expect(tabs().filter((t) => t.tabIndex === 0)).toHaveLength(2);
  expect(keyInTabs(root, tab(0), 'a')).toBe(false);
});

test('a link into a tab that is not seen shows it, and a second run changes nothing', () => {
  showTabOf(root.querySelector('#h-macOS') as Element);
  expect(seen()[0]).toBe('in macOS');
  hydrateTabs(root);
  expect(tabs()).toHaveLength(5);
  expect(seen()[0]).toBe('in macOS');
});

test('a group without sections stays as it is', () => {
  load('<div class="tabs"></div>');
  expect(tabs()).toHaveLength(0);
});
