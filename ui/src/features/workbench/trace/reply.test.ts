// What stands in a model's words.

import { expect, test } from 'vitest';
import { isStructured, jsonOf, messageOf, messagesOf, partsOf } from './reply';

test.each([
  ['Thought: a\nAction: f[x]', ['thought a', 'action f[x]']],
  ['**Thought:** a\nb\n**Final Answer:** c', ['thought a\nb', 'answer c']],
  [
    '思考：要查天气\n行动：天气[北京]\n观察: 下雨',
    ['thought 要查天气', 'action 天气[北京]', 'observation 下雨'],
  ],
  ['Thought 1: a\nAction 1: g', ['thought a', 'action g']],
  ['Just words: and a colon', ['text Just words: and a colon']],
  ['hello\nAction: f', ['text hello', 'action f']],
  ['', []],
])('%j', (reply, expected) => {
  expect(partsOf(reply).map(({ kind, text }) => `${kind} ${text}`)).toEqual(expected);
});

test('words alone have no structure', () => {
  expect(isStructured(partsOf('only words'))).toBe(false);
  expect(isStructured(partsOf('Action: f'))).toBe(true);
});

test('what is no message says nothing and breaks nothing', () => {
  for (const odd of [null, 1, 'x', [], { content: 5, tool_calls: 7 }]) {
    expect(messageOf(odd).calls).toEqual([]);
  }
  expect(messagesOf('{"messages": [')).toBeNull();
  expect(jsonOf('{"cut": …')).toBe('{"cut": …');
});
