// Brings the inert HTML of a lesson to life: copy buttons and, only when there are any, diagrams.
// Everything else but formulas the core wrote already. All of it may run twice on one root.

import { afterPaint } from '../../lib/after-paint';
import type { ShownTheme } from '../../lib/theme';
import { hydrateTabs } from './tabs';

/** Words the page puts into the text, in the language of the text. */
export interface LessonWords {
  copy: string;
  diagram: string;
  /** Of a picture that is not there; what it was to show follows. */
  missing: string;
}

/** What needs no loading. */
export function hydrateText(root: HTMLElement, words: LessonWords): void {
  for (const pre of root.querySelectorAll<HTMLElement>('pre:not(.mermaid)')) {
    // A long line scrolls sideways, and a keyboard must be able to do that too.
    pre.tabIndex = 0;
    if (pre.parentElement?.dataset.code === undefined) addCopy(pre, words);
  }
  hydrateTabs(root);
}

/** Says in the place of a picture that cannot be shown what there was to see. */
export function tellMissing(picture: HTMLImageElement, words: LessonWords): void {
  const note = document.createElement('span');
  note.dataset.missing = '';
  note.textContent = `${words.missing}${picture.alt || fileName(picture.src)}`;
  picture.replaceWith(note);
}

function fileName(address: string): string {
  const name = address.slice(address.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function addCopy(pre: HTMLElement, words: LessonWords): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.copy = '';
  button.textContent = words.copy;
  const around = document.createElement('div');
  around.dataset.code = '';
  pre.replaceWith(around);
  around.append(pre, button);
}

/**
 * Draws the diagrams in the colours of the theme; a diagram that cannot be drawn stays source. One
 * takes longer than the whole text around it, so the text is painted first.
 */
export async function hydrateDiagrams(
  root: HTMLElement,
  theme: ShownTheme,
  words: LessonWords,
): Promise<void> {
  const [{ drawDiagram }] = await Promise.all([import('./diagrams'), afterPaint()]);
  for (const pre of root.querySelectorAll<HTMLElement>('pre.mermaid')) {
    const source = pre.dataset.source ?? pre.textContent ?? '';
    if (pre.dataset.drawn === theme) continue;
    pre.dataset.source = source;
    pre.dataset.drawn = theme;
    const svg = await drawDiagram(source, theme);
    // Another theme may have been asked for while this one was drawn.
    if (svg === null || pre.dataset.drawn !== theme) continue;
    showDrawn(pre, svg);
    pre.setAttribute('role', 'img');
    pre.setAttribute('aria-label', `${words.diagram}: ${labelsOf(source)}`);
  }
}

// As the page's own sheet has it for pictures.
const FIT = '<style>svg { max-width: 100%; height: auto }</style>';

/**
 * A drawing brings a style sheet. Behind a root of its own it concerns nobody else: in the page,
 * each that comes or goes would have the style of every element worked out again.
 */
function showDrawn(pre: HTMLElement, svg: string): void {
  const holder = document.createElement('span');
  holder.attachShadow({ mode: 'open' }).innerHTML = FIT + svg;
  pre.replaceChildren(holder);
}

/** The words inside a diagram, for who does not see it. */
function labelsOf(source: string): string {
  const labels = [...source.matchAll(/[[({|"]+([^[\](){}|"]+)[\])}|"]+/g)].map(([, text]) =>
    text?.trim(),
  );
  return [...new Set(labels)].filter(Boolean).join(', ');
}

/** Puts a code block on the clipboard; false when the web view refuses. */
export async function copyCode(button: HTMLElement): Promise<boolean> {
  const code = button.parentElement?.querySelector('pre')?.textContent ?? '';
  try {
    await navigator.clipboard.writeText(code.replace(/\n$/, ''));
    return true;
  } catch {
    return false;
  }
}
