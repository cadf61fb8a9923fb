// A text takes the place of its older version: it reads as the new one, and what is the same stays.

import { expect, test } from 'vitest';
import { patchText } from './patch';

/** Shows one text after the other; answers the blocks of the second that stood there already. */
function check(old: string, now: string): string[] {
  const root = document.createElement('div');
  const written = patchText(root, [], old);
  const before = new Set(root.children);
  patchText(root, written, now);
  const whole = document.createElement('div');
  whole.innerHTML = now;
  expect(root.innerHTML).toBe(whole.innerHTML);
  return [...root.children].filter((it) => before.has(it)).map((it) => it.textContent ?? '');
}

test('only what has changed is put in anew', () => {
  const text = '<p>a</p>\n<p>b</p>\n<p>c</p>\n';
  expect(check(text, text)).toEqual(['a', 'b', 'c']);
  expect(check(text, '<p>a</p>\n<p>B</p>\n<p>c</p>\n')).toEqual(['a', 'c']);
  expect(check(text, '<p>a</p>\n<p>b</p>\n<p>new</p>\n<p>c</p>\n')).toEqual(['a', 'b', 'c']);
  expect(check(text, '<p>a</p>\n<p>c</p>\n')).toEqual(['a', 'c']);
  expect(check(text, '<p>a</p>\n<p>a</p>\n<p>b</p>\n<p>c</p>\n')).toEqual(['a', 'b', 'c']);
  expect(check(text, '')).toEqual([]);
  expect(check('', text)).toEqual([]);
  expect(check('loose words <p>a</p>', 'loose <p>a</p>')).toEqual(['a']);
});

test('what was brought to life stays so, and a root that somebody added to is written anew', () => {
  const root = document.createElement('div');
  let written = patchText(root, [], '<p>a</p><span class="math">x</span>');
  const drawn = document.createElement('div');
  drawn.textContent = 'drawn';
  root.lastElementChild?.replaceWith(drawn);
  written = patchText(root, written, '<p>b</p><span class="math">x</span>');
  expect(root.innerHTML).toBe('<p>b</p><div>drawn</div>');
  root.append('more');
  patchText(root, written, '<p>c</p><span class="math">x</span>');
  expect(root.innerHTML).toBe('<p>c</p><span class="math">x</span>');
});
