// Whatever a call rejects with becomes an ApiError, and every code has words in both languages.

import { expect, test } from 'vitest';
import { ApiError, errorWords, toApiError } from './api-error';

const check = (thrown: unknown, code: string, message: string) => {
  const error = toApiError(thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect([error.code, error.message]).toEqual([code, message]);
};

test('an error of the core keeps its code, message and request', () => {
  const wire = { code: 'store_full', message: 'disk full', requestId: 'r-7' };
  check(wire, 'store_full', 'disk full');
  expect(toApiError(wire).requestId).toBe('r-7');
});

test('the Chinese of a message comes along', () => {
  const wire = { code: 'cannot_pack', message: 'too large', messageZh: '太大', requestId: '' };
  expect(toApiError(wire).messageZh).toBe('太大');
});

test('what is no error of the core is a fault of ours', () => {
  check(new TypeError('x is undefined'), 'internal', 'x is undefined');
  check('command home not found', 'internal', 'command home not found');
  check({ code: 'no_such_code', message: 'hm' }, 'internal', '[object Object]');
  check(null, 'internal', 'null');
});

test('an ApiError passes through unchanged', () => {
  const error = new ApiError({ code: 'internal', message: 'm', requestId: '' });
  expect(toApiError(error)).toBe(error);
});

test.each(Object.keys(errorWords.en))(
  '%s says what happened, what it means and what to do',
  (code) => {
    for (const language of ['en', 'zh'] as const) {
      const words = Object.entries(errorWords[language]).find(([name]) => name === code)?.[1];
      expect(Object.values(words ?? {}).filter((text) => text.length > 3)).toHaveLength(3);
    }
  },
);
