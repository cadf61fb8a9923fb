// The learner's settings and what follows from them: the two languages and the theme on screen.
// A change shows at once and is stored behind; the core's clamped answer wins.

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import type { Language } from '../bindings/Language';
import type { Settings } from '../bindings/Settings';
import { usePlatform } from '../platform/context';
import { type ApiError, toApiError } from './api-error';
import { speak } from './i18n';
import { type ShownTheme, useShownTheme } from './theme';

export interface SettingsContextValue {
  settings: Settings;
  update: (change: Partial<Settings>) => void;
  /** Language of the window. */
  language: Language;
  /** Language of lessons. */
  contentLanguage: Language;
  theme: ShownTheme;
  /** Why the last change could not be stored. It still holds until the window closes. */
  failure: ApiError | null;
}

const SettingsContext = createContext<SettingsContextValue | null>(null);

export interface SettingsProviderProps {
  initial: Settings;
  systemLanguage: Language;
  children: ReactNode;
}

export function SettingsProvider({ initial, systemLanguage, children }: SettingsProviderProps) {
  const platform = usePlatform();
  const [settings, setSettings] = useState(initial);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const newest = useRef(initial);
  const theme = useShownTheme(settings.theme);
  const language = settings.uiLanguage ?? systemLanguage;

  useEffect(() => speak(language), [language]);

  function update(change: Partial<Settings>) {
    // Panes are merged: the tree and the workbench each send only what they know.
    const panes = { ...newest.current.panes, ...change.panes };
    const next = { ...newest.current, ...change, panes };
    newest.current = next;
    setSettings(next);
    platform.settingsSet(next).then(
      (stored) => {
        setFailure(null);
        // An answer to an older change must not undo a newer one.
        if (newest.current !== next) return;
        newest.current = stored;
        setSettings(stored);
      },
      (thrown) => setFailure(toApiError(thrown)),
    );
  }

  const contentLanguage = settings.contentLanguage ?? language;
  return (
    <SettingsContext value={{ settings, update, language, contentLanguage, theme, failure }}>
      {children}
    </SettingsContext>
  );
}

export function useSettings(): SettingsContextValue {
  const value = useContext(SettingsContext);
  if (!value) throw new Error('useSettings needs a SettingsProvider above it');
  return value;
}
