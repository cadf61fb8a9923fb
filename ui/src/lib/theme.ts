// Light or dark: the learner's choice, or the system's as it changes. Set on <html data-theme>.

import { useEffect, useSyncExternalStore } from 'react';
import type { Theme } from '../bindings/Theme';

export type ShownTheme = 'light' | 'dark';

const DARK = '(prefers-color-scheme: dark)';

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(DARK);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** The theme on the screen now; keeps the page's attribute in step. */
export function useShownTheme(setting: Theme): ShownTheme {
  const systemDark = useSyncExternalStore(subscribe, () => window.matchMedia(DARK).matches);
  const shown = setting === 'system' ? (systemDark ? 'dark' : 'light') : setting;
  useEffect(() => {
    document.documentElement.dataset.theme = shown;
  }, [shown]);
  return shown;
}
