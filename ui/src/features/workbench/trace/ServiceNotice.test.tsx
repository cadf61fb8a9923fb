// The permission of a course that nobody signed: asked where the service is, and nowhere else.

import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createFakePlatform, type FakeOptions } from '../../../testing/fake-platform';
import { renderPage } from '../../../testing/render';
import { ServiceNotice } from './ServiceNotice';

const LESSON = { course: 'theirs', lesson: 'hello' };

function open(options: FakeOptions, allowed = false) {
  const platform = createFakePlatform(options);
  const onSaid = vi.fn();
  const page = renderPage(
    <ServiceNotice lesson={LESSON} allowed={allowed} onSaid={onSaid} onFailed={vi.fn()} />,
    platform,
  );
  return { ...page, platform, onSaid };
}

test('it is asked before anything is spent', async () => {
  const { user, platform, onSaid } = open({ settings: { modelMode: 'live' } });
  expect(screen.getByText(/may not ask your service yet/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Allow' }));
  expect(platform.rights.serviceAllowed).toBe(true);
  expect(onSaid).toHaveBeenCalledOnce();
});

test('it can be taken back', async () => {
  const { user, platform } = open({ settings: { modelMode: 'live' } }, true);
  expect(screen.getByText(/You let its programs ask/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Take back' }));
  expect(platform.rights.serviceAllowed).toBe(false);
});

test('recorded replies need no permission', () => {
  open({});
  expect(screen.queryByRole('button')).toBeNull();
});
