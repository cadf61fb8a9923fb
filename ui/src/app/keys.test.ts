// Which command a key means, and who keeps their keys to themselves.

import { afterEach, expect, test } from 'vitest';
import { registerCommands } from '../lib/commands';
import { commandFor } from './keys';

const forget: (() => void)[] = [];
afterEach(() => {
  while (forget.length > 0) forget.pop()?.();
  document.body.replaceChildren();
});

/** What Ctrl+Enter means while the page holds `html` and the element `#here` has the focus. */
function meaning(html: string): string | undefined {
  document.body.innerHTML = html;
  forget.push(
    registerCommands([
      { id: 'run', key: 'Mod+Enter', label: 'common:retry', group: 'code', perform: () => {} },
    ]),
  );
  let id: string | undefined;
  const here = document.querySelector('#here') ?? document.body;
  here.addEventListener('keydown', (event) => {
    id = commandFor(event as KeyboardEvent)?.id;
  });
  here.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', ctrlKey: true, bubbles: true }),
  );
  return id;
}

test('a key of ours works while the learner types', () => {
  expect(meaning('<textarea id="here"></textarea>')).toBe('run');
});

test('a dialog keeps its keys', () => {
  expect(meaning('<div role="dialog"><button id="here"></button></div>')).toBeUndefined();
});

test('what the editor once suggested does not swallow keys', () => {
  const html = '<div class="monaco-editor"><textarea id="here"></textarea>';
  expect(meaning(`${html}<div role="listbox"></div></div>`)).toBe('run');
});
