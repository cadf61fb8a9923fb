// A lesson that wants to reach hosts outside says which, waits for the learner's word, and takes it back.

import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { WebAccess } from '../../../bindings/WebAccess';
import type { WebState } from '../../../bindings/WebState';
import { seriousFindings } from '../../../testing/axe';
import { createFakePlatform } from '../../../testing/fake-platform';
import { renderPage } from '../../../testing/render';
import { WebNotice } from './WebNotice';

const LESSON = { course: 'tiny', lesson: 'hello' };
const HOSTS = ['api.example.com', '<b>wttr.in</b>'];

function open(state: WebState, answer = () => Promise.resolve()) {
  const platform = createFakePlatform();
  const asked = vi.fn((_: LessonRef, _allow: boolean) => answer());
  platform.webAllow = asked;
  const [onSaid, onFailed] = [vi.fn(), vi.fn()];
  const page = renderPage(
    <WebNotice lesson={LESSON} web={access(state)} onSaid={onSaid} onFailed={onFailed} />,
    platform,
  );
  return { ...page, asked, onSaid, onFailed };
}

function access(state: WebState): WebAccess {
  return { hosts: HOSTS, state };
}

test('a lesson asks by name and is allowed', async () => {
  const { user, asked, onSaid } = open('asked');
  expect(
    screen.getByText('Agents of this lesson want to ask api.example.com, <b>wttr.in</b>.'),
  ).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Allow' }));
  expect(asked.mock.calls).toEqual([[LESSON, true]]);
  expect(onSaid).toHaveBeenCalledOnce();
  expect(await seriousFindings()).toEqual([]);
});

test('the word is taken back', async () => {
  const { user, asked } = open('allowed');
  expect(screen.getByText(/may ask api.example.com/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Take back' }));
  expect(asked.mock.calls).toEqual([[LESSON, false]]);
});

test('a course that nobody signed cannot be allowed', () => {
  open('unsigned');
  expect(screen.getByText(/nobody signed it/)).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
});

test('a word that was not heard changes nothing', async () => {
  const trouble = new Error('no place on the disk');
  const { user, onSaid, onFailed } = open('asked', () => Promise.reject(trouble));
  await user.click(screen.getByRole('button', { name: 'Allow' }));
  expect(onFailed).toHaveBeenCalledWith(trouble);
  expect(onSaid).not.toHaveBeenCalled();
  expect(screen.getByRole('button', { name: 'Allow' })).toBeVisible();
});
