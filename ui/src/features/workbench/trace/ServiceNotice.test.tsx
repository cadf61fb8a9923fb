// The permission of a course that nobody signed: asked where the service is, and nowhere else.

import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createFakePlatform, type FakeOptions } from '../../../testing/fake-platform';
import { renderPage } from '../../../testing/render';
import { ServiceNotice } from './ServiceNotice';

const LESSON = { course: 'theirs', lesson: 'hello' };

function open(options: FakeOptions = {}) {
  const platform = createFakePlatform(options);
  return renderPage(<ServiceNotice lesson={LESSON} allowed={false} onFailed={vi.fn()} />, platform);
}

test('it is asked before anything is spent, and can be taken back', async () => {
  const { user } = open({ settings: { modelMode: 'live' } });
  expect(await screen.findByText(/may not ask your service yet/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Allow' }));
  expect(await screen.findByText(/You let its programs ask/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Take back' }));
  expect(await screen.findByText(/may not ask your service yet/)).toBeVisible();
});

test('recorded replies need no permission', () => {
  open();
  expect(screen.queryByRole('button')).toBeNull();
});
