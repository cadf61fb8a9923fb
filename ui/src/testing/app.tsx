// The whole page over the in-memory platform, as a learner meets it.

import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '../app/App';
import { createFakePlatform, type FakePlatform } from './fake-platform';

/** A Saturday; the year on Home ends there. */
export const TODAY = new Date(2026, 10, 21, 9);

export function renderApp(platform: FakePlatform = createFakePlatform()) {
  const user = userEvent.setup();
  const view = render(<App platform={platform} today={TODAY} firstLanguage="en" />);
  return { user, platform, ...view };
}
