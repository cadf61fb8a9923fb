// The keys of the learn page: its panes. The lesson and the workbench bring their own.

import { useCommands } from '../../lib/commands';
import type { Panes } from './use-panes';

export function useLearnCommands(panes: Panes): void {
  useCommands([
    {
      id: 'panes.tree',
      label: 'common:commands.focusTree',
      group: 'panes',
      key: 'Mod+1',
      perform: () => panes.focus('tree'),
    },
    {
      id: 'panes.lesson',
      label: 'common:commands.focusLesson',
      group: 'panes',
      key: 'Mod+2',
      perform: () => panes.focus('lesson'),
    },
    {
      id: 'panes.work',
      label: 'common:commands.focusWork',
      group: 'panes',
      key: 'Mod+3',
      perform: () => panes.focus('work'),
    },
    {
      id: 'panes.toggleTree',
      label: 'common:commands.toggleTree',
      group: 'panes',
      key: 'Mod+B',
      perform: () => panes.toggle('tree'),
    },
    {
      id: 'panes.toggleLesson',
      label: 'common:commands.toggleLesson',
      group: 'panes',
      key: 'Mod+Alt+2',
      perform: () => panes.toggle('lesson'),
    },
    {
      id: 'panes.toggleWork',
      label: 'common:commands.toggleWork',
      group: 'panes',
      key: 'Mod+Alt+3',
      perform: () => panes.toggle('work'),
    },
    {
      id: 'panes.next',
      label: 'common:commands.nextPane',
      group: 'panes',
      key: 'F6',
      perform: () => panes.step(1),
    },
    {
      id: 'panes.previous',
      label: 'common:commands.previousPane',
      group: 'panes',
      key: 'Shift+F6',
      perform: () => panes.step(-1),
    },
  ]);
}
