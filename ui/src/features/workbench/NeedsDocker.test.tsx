// A lesson that needs Docker says so before anything runs, offers to start it, and is quiet once it is
// ready.

import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakePlatform } from '../../testing/fake-platform';
import { fakePool, readyPool } from '../../testing/fake-pool';
import { renderPage } from '../../testing/render';
import { NeedsDocker } from './NeedsDocker';

const TITLE = 'The programs of this lesson need Docker';

test('Docker that is not there can be started from the lesson', async () => {
  const platform = createFakePlatform({ pool: fakePool({ state: 'down', detail: 'not started' }) });
  const { user } = renderPage(<NeedsDocker />, platform);
  expect(await screen.findByText(TITLE)).toBeInTheDocument();
  expect(screen.getByText('Docker cannot be used now')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Start the Docker engine' }));
  expect(platform.engineCalls).toEqual(['warm']);
  platform.pool = readyPool();
  await waitFor(() => expect(screen.queryByText(TITLE)).not.toBeInTheDocument());
});

test('a setting that forbids Docker is said, and changed on request', async () => {
  const platform = createFakePlatform({ pool: fakePool(), settings: { engine: 'wasm' } });
  const { user } = renderPage(<NeedsDocker />, platform);
  await user.click(await screen.findByRole('button', { name: 'Use Docker for such lessons' }));
  await waitFor(() => expect(platform.settings.engine).toBe('auto'));
  expect(platform.engineCalls).toEqual(['warm']);
});
