// The keys that hold everywhere.

import { useCommands } from '../lib/commands';
import { useSettings } from '../lib/settings';

/** What is open over the place. */
export type Over = 'palette' | 'settings' | 'engine' | 'ai' | 'keys' | 'import' | null;

/** Where the commands lead. */
export interface FrameWays {
  home: () => void;
  author: () => void;
  /** Asks for a course in one file. */
  openCourse: () => void;
}

export function useFrameCommands(show: (over: Over) => void, ways: FrameWays): void {
  const { language, theme, update } = useSettings();
  useCommands([
    {
      id: 'app.search',
      label: 'common:commands.search',
      group: 'general',
      key: 'Mod+K',
      perform: () => show('palette'),
      hidden: true,
    },
    {
      id: 'app.keys',
      label: 'common:commands.keys',
      group: 'general',
      key: '?',
      perform: () => show('keys'),
    },
    {
      id: 'app.settings',
      label: 'common:commands.settings',
      group: 'general',
      key: 'Mod+Comma',
      perform: () => show('settings'),
    },
    { id: 'app.home', label: 'common:commands.home', group: 'general', perform: ways.home },
    { id: 'app.author', label: 'common:commands.author', group: 'general', perform: ways.author },
    {
      id: 'app.openCourse',
      label: 'common:commands.openCourse',
      group: 'general',
      perform: ways.openCourse,
    },
    {
      id: 'app.importCourse',
      label: 'common:commands.importCourse',
      group: 'general',
      perform: () => show('import'),
    },
    {
      id: 'app.theme',
      label: 'common:commands.theme',
      group: 'general',
      perform: () => update({ theme: theme === 'dark' ? 'light' : 'dark' }),
    },
    {
      id: 'app.language',
      label: 'common:commands.uiLanguage',
      group: 'general',
      perform: () => update({ uiLanguage: language === 'zh' ? 'en' : 'zh' }),
    },
  ]);
}
