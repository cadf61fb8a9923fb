// Listens to the keyboard once for the whole page and performs the registered commands.

import { useEffect } from 'react';
import { allCommands, type Command } from '../lib/commands';
import { keyOf } from '../lib/key-names';

const FLOATING = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
// The editor's own pop-ups have the same roles, and stay in the page after they were closed.
const EDITOR = '.monaco-editor';
const TYPING = 'input, textarea, select, [contenteditable="true"], .monaco-editor';

// A shell has a meaning for nearly every key; only those that lead out of it are ours.
const SHELL = '.xterm';

/** Whether a key typed at this place belongs to the shell there. */
function isTheShells(key: string, target: EventTarget | null): boolean {
  if (/^F\d+$/.test(key) || key === 'Mod+Backquote') return false;
  return target instanceof Element && target.closest(SHELL) !== null;
}

/** Whether a plain letter typed at this place belongs to the place. */
function takesLetters(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null;
}

function isPlain(key: string): boolean {
  return !key.startsWith('Mod+') && !/^(F\d+|Escape)$/.test(key.split('+').at(-1) ?? '');
}

/** Whether something of ours floats above the page. */
function isCovered(): boolean {
  return [...document.querySelectorAll(FLOATING)].some((above) => !above.closest(EDITOR));
}

/** The command a key press means, if any. What floats above the page keeps its keys. */
export function commandFor(event: KeyboardEvent): Command | undefined {
  if (event.defaultPrevented || event.isComposing) return undefined;
  if (isCovered()) return undefined;
  const key = keyOf(event);
  if (isPlain(key) && takesLetters(event.target)) return undefined;
  if (isTheShells(key, event.target)) return undefined;
  return allCommands().findLast((command) => command.key === key && (command.when?.() ?? true));
}

/** Mounted once. Captures, so that the editor does not see a key that is ours. */
export function useKeyboard(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const command = commandFor(event);
      if (!command) return;
      event.preventDefault();
      event.stopPropagation();
      command.perform();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, []);
}
