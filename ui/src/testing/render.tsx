// Renders a piece of the page as it stands in the app: platform, settings, words, tooltips, keys.

import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { useKeyboard } from '../app/keys';
import { Announcer } from '../components/announcer';
import { TooltipProvider } from '../components/Tooltip';
import { AiProvider } from '../lib/ai';
import { LastAnswerProvider } from '../lib/engines';
import { SettingsProvider } from '../lib/settings';
import { PlatformProvider } from '../platform/context';
import { createFakePlatform, type FakePlatform } from './fake-platform';

function Keyboard() {
  useKeyboard();
  return null;
}

export function renderPage(page: ReactElement, platform: FakePlatform = createFakePlatform()) {
  const user = userEvent.setup();
  const view = render(
    <PlatformProvider platform={platform}>
      <SettingsProvider initial={platform.settings} systemLanguage="en">
        <AiProvider>
          <LastAnswerProvider>
            <TooltipProvider>
              <Keyboard />
              {page}
              <Announcer />
            </TooltipProvider>
          </LastAnswerProvider>
        </AiProvider>
      </SettingsProvider>
    </PlatformProvider>,
  );
  return { user, platform, ...view };
}
