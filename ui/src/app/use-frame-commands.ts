// The keys that hold everywhere.

import { useCommands } from '../lib/commands';
import { useSettings } from '../lib/settings';

/** What is open over the place. */
export type Over = 'palette' | 'settings' | 'engine' | 'ai' | 'keys' | null;

export function useFrameCommands(show: (over: Over) => void, goHome: () => void): void {
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
    { id: 'app.home', label: 'common:commands.home', group: 'general', perform: goHome },
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
