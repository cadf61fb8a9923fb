// Steps of an agent that thinks and acts, for tests and for looking at the page without the core.

import type { TraceSpan } from '../bindings/TraceSpan';

export function fakeSpan(id: string, change: Partial<TraceSpan> = {}): TraceSpan {
  return {
    id,
    parent: null,
    kind: 'step',
    name: `step ${id}`,
    place: null,
    startMs: Number(id) * 10,
    durationMs: 10,
    input: '',
    output: '',
    error: null,
    answeredBy: null,
    inputTokens: null,
    cachedTokens: null,
    outputTokens: null,
    finishReason: null,
    cost: null,
    attributes: {},
    ...change,
  };
}

const REPLY = 'Thought: I look it up.\nAction: weather[Oslo]';

/** One turn: the model is asked, its reply is taken apart, a tool answers. */
export function fakeReAct(): TraceSpan[] {
  return [
    fakeSpan('1', { name: 'turn 1', durationMs: 40 }),
    fakeSpan('2', {
      parent: '1',
      kind: 'model',
      name: 'deepseek-chat',
      place: { path: 'main.py', line: 2 },
      input: JSON.stringify({ messages: [{ role: 'user', content: 'Rain in Oslo?' }] }),
      output: JSON.stringify({ role: 'assistant', content: REPLY }),
      answeredBy: { kind: 'exchange', line: 7 },
      inputTokens: 31,
      outputTokens: 12,
      finishReason: 'stop',
    }),
    fakeSpan('3', {
      parent: '1',
      kind: 'parse',
      name: 'parsed',
      output: JSON.stringify({ action: 'weather', argument: 'Oslo' }),
    }),
    fakeSpan('4', {
      parent: '1',
      kind: 'tool',
      name: 'weather',
      input: '{"city":"Oslo"}',
      output: '"rain"',
    }),
  ];
}
