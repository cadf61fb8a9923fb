// The workbench's keys and palette entries.

import { type Command, useCommands } from '../../lib/commands';
import type { Workbench } from './use-workbench';

/** Said by the button and the empty pane too. */
export const STEP_KEY = 'Mod+Alt+Enter';

const always = () => true;

/** What the bench does not do itself. */
export interface OtherCommands {
  newFile: () => void;
  /** A hint at the cursor; absent where there is no tutor. */
  onCursor?: () => void;
}

export function useBenchCommands(
  bench: Workbench,
  { newFile, onCursor }: OtherCommands,
  isCurrent = always,
): void {
  const commands: Command[] = [
    {
      id: 'workbench.run',
      label: 'workbench:commands.run',
      group: 'code',
      key: 'Mod+Enter',
      perform: bench.startRun,
    },
    {
      id: 'workbench.stepThrough',
      label: 'workbench:commands.stepThrough',
      group: 'code',
      key: STEP_KEY,
      perform: bench.startSteps,
      when: () => bench.hasInside,
    },
    {
      id: 'workbench.check',
      label: 'workbench:commands.check',
      group: 'code',
      key: 'Mod+Shift+Enter',
      perform: bench.startCheck,
    },
    {
      id: 'workbench.stop',
      label: 'workbench:commands.stop',
      group: 'code',
      key: 'Escape',
      perform: bench.stop,
      // In the editor Escape closes its lists first and then leaves it.
      when: () => bench.busy !== null && !document.activeElement?.closest('.monaco-editor'),
    },
    {
      id: 'workbench.live',
      label: 'workbench:commands.live',
      group: 'code',
      perform: bench.live.toggle,
    },
    {
      id: 'workbench.save',
      label: 'workbench:commands.save',
      group: 'code',
      key: 'Mod+S',
      perform: bench.saveNow,
    },
    {
      id: 'workbench.output',
      label: 'workbench:commands.output',
      group: 'code',
      perform: () => bench.show('output'),
    },
    {
      id: 'workbench.checks',
      label: 'workbench:commands.checks',
      group: 'code',
      perform: () => bench.show('checks'),
    },
    {
      id: 'workbench.trace',
      label: 'workbench:commands.trace',
      group: 'code',
      perform: () => bench.show('trace'),
    },
    {
      id: 'workbench.variables',
      label: 'workbench:commands.variables',
      group: 'code',
      perform: () => bench.show('variables'),
    },
    {
      id: 'workbench.history',
      label: 'workbench:commands.history',
      group: 'code',
      perform: () => bench.show('history'),
    },
    {
      id: 'workbench.terminal',
      label: 'workbench:commands.terminal',
      group: 'code',
      key: 'Mod+Backquote',
      perform: () => bench.show('terminal'),
    },
    {
      id: 'workbench.resetStarter',
      label: 'workbench:commands.resetStarter',
      group: 'code',
      perform: () => bench.reset('starter'),
    },
    {
      id: 'workbench.newFile',
      label: 'workbench:commands.newFile',
      group: 'code',
      perform: newFile,
    },
    {
      id: 'workbench.cursorHint',
      label: 'workbench:commands.cursorHint',
      group: 'code',
      key: 'Mod+Alt+H',
      perform: () => onCursor?.(),
      when: () => onCursor !== undefined,
    },
  ];
  useCommands(
    commands.map((command) => ({
      ...command,
      when: () => isCurrent() && (command.when?.() ?? true),
    })),
  );
}
