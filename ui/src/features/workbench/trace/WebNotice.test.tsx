// A lesson that wants to reach hosts outside says which, waits for the learner's word, and takes it back.

import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { WebAccess } from '../../../bindings/WebAccess';
import type { WebState } from '../../../bindings/WebState';
import { seriousFindings } from '../../../testing/axe';
import { createFakePlatform } from '../../../testing/fake-platform';
import { renderPage } from '../../../testing/render';
import { WebNotice } from './WebNotice';

const LESSON = { course: 'tiny', lesson: 'hello' };
const HOSTS = ['api.example.com', '<b>wttr.in</b>'];

function open(state: WebState, answer?: (allow: boolean) => Promise<WebAccess>) {
  const platform = createFakePlatform();
  const asked = vi.fn((allow: boolean) =>
    answer ? answer(allow) : Promise.resolve(access(allow ? 'allowed' : 'asked')),
  );
  platform.webAllow = (_, allow) => asked(allow);
  const onFailed = vi.fn();
  const page = renderPage(
    <WebNotice lesson={LESSON} web={access(state)} onFailed={onFailed} />,
    platform,
  );
  return { ...page, asked, onFailed };
}

function access(state: WebState): WebAccess {
  return { hosts: HOSTS, state };
}

test('a lesson asks by name, is allowed, and the word is taken back', async () => {
  const { user, asked } = open('asked');
  expect(
    screen.getByText('Agents of this lesson want to ask api.example.com, <b>wttr.in</b>.'),
  ).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Allow' }));
  expect(await screen.findByText(/may ask api.example.com/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Take back' }));
  expect(await screen.findByText(/want to ask/)).toBeVisible();
  expect(asked.mock.calls).toEqual([[true], [false]]);
  expect(await seriousFindings()).toEqual([]);
});

test('a course that nobody signed cannot be allowed', () => {
  open('unsigned');
  expect(screen.getByText(/nobody signed it/)).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
});

test('a word that was not heard changes nothing', async () => {
  const trouble = new Error('no place on the disk');
  const { user, onFailed } = open('asked', () => Promise.reject(trouble));
  await user.click(screen.getByRole('button', { name: 'Allow' }));
  expect(onFailed).toHaveBeenCalledWith(trouble);
  expect(screen.getByRole('button', { name: 'Allow' })).toBeVisible();
});
