// The detail of an error is in the window's language where the core said it in both.

import { act, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ApiError } from '../lib/api-error';
import { speak } from '../lib/i18n';
import { renderPage } from '../testing/render';
import { ErrorNotice } from './ErrorNotice';

const refused = {
  code: 'bundle_refused',
  message: 'a/b.md: it is encrypted',
  requestId: '',
} as const;

test('what was said in both languages is shown in the one that is spoken', () => {
  renderPage(<ErrorNotice error={new ApiError({ ...refused, messageZh: 'a/b.md: 是加密的' })} />);
  expect(screen.getByText('a/b.md: it is encrypted')).toHaveAttribute('lang', 'en');
  act(() => speak('zh'));
  expect(screen.getByText('a/b.md: 是加密的')).toHaveAttribute('lang', 'zh-CN');
  expect(screen.queryByText('a/b.md: it is encrypted')).not.toBeInTheDocument();
  act(() => speak('en'));
});

test('what was said in English only is marked as English', () => {
  renderPage(<ErrorNotice error={new ApiError(refused)} />);
  act(() => speak('zh'));
  expect(screen.getByText('a/b.md: it is encrypted')).toHaveAttribute('lang', 'en');
  act(() => speak('en'));
});
