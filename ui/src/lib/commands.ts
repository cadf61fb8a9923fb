// The registry of everything a learner can do by key: the keyboard, the sheet of keys and the
// palette all read it, so they cannot disagree. Features add their commands with `useCommands`
// for as long as they are on the screen.

import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { AnyKey } from './i18n';

/** Under which heading of the sheet a command stands. */
export type CommandGroup = 'general' | 'panes' | 'lesson' | 'code';

export interface Command {
  /** Unique while registered, for example `workbench.run`. */
  id: string;
  /** The words for sheet and palette, with their area: `workbench:commands.run`. */
  label: AnyKey;
  group: CommandGroup;
  /**
   * `Mod+Enter`, `Mod+Shift+Enter`, `F6`, `Escape`, `n`, `?`. `Mod` is Ctrl, or ⌘ on a Mac.
   * A key without `Mod` and not a function key is ignored while the learner types somewhere.
   */
  key?: string;
  perform: () => void;
  /** Asked at the moment of the key; absent means always. A command that says no lets the key pass. */
  when?: () => boolean;
  /** Left out of the palette: it would close or reopen the palette itself. */
  hidden?: boolean;
}

let registered: readonly Command[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly Command[]): void {
  registered = next;
  for (const listener of listeners) listener();
}

/** Adds commands until the answer is called. Later ones win over earlier ones with the same key. */
export function registerCommands(commands: readonly Command[]): () => void {
  publish([...registered, ...commands]);
  return () => publish(registered.filter((command) => !commands.includes(command)));
}

/** All commands registered now, earliest first. */
export function allCommands(): readonly Command[] {
  return registered;
}

/** The same, as state. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, allCommands);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Registers a component's commands while it is mounted. `perform` and `when` may close over
 * anything: the newest ones are called. Ids, keys and labels are read at the first render and
 * again when an id, key or label changes.
 */
export function useCommands(commands: readonly Command[]): void {
  const newest = useRef(commands);
  useEffect(() => {
    newest.current = commands;
  });
  const shape = commands.map(({ id, key, label }) => `${id} ${key} ${label}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the commands, whose functions change at each render
  useEffect(
    () =>
      registerCommands(
        newest.current.map((command) => {
          const current = () => newest.current.find(({ id }) => id === command.id) ?? command;
          return {
            ...command,
            perform: () => current().perform(),
            when: () => current().when?.() ?? true,
          };
        }),
      ),
    [shape],
  );
}
