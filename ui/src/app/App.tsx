// The page from the first frame on: boots, recovers when the data cannot be used, then the places.

import { useEffect, useState } from 'react';
import type { Boot } from '../bindings/Boot';
import { Announcer } from '../components/announcer';
import { TooltipProvider } from '../components/Tooltip';
import { startI18n } from '../lib/i18n';
import { SettingsProvider } from '../lib/settings';
import { PlatformProvider } from '../platform/context';
import type { Platform } from '../platform/platform';
import './tokens.css';
import './base.css';

export function App(props: { platform: Platform }) {
  const [boot, setBoot] = useState<Boot | null>(null);
  useEffect(() => {
    void props.platform.boot().then((answer) => {
      startI18n(answer.settings.uiLanguage ?? answer.systemLanguage);
      setBoot(answer);
    });
  }, [props.platform]);
  if (!boot) return null;
  return (
    <PlatformProvider platform={props.platform}>
      <SettingsProvider initial={boot.settings} systemLanguage={boot.systemLanguage}>
        <TooltipProvider>
          <Announcer />
        </TooltipProvider>
      </SettingsProvider>
    </PlatformProvider>
  );
}
