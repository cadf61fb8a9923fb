// What of a step can be written anew.

import { expect, test } from 'vitest';
import type { TraceSpan } from '../../../bindings/TraceSpan';
import { fakeSpan } from '../../../testing/fake-trace';
import { placesOf } from './fork';

function check(change: Partial<TraceSpan>, after: Partial<TraceSpan>, expected: string[]) {
  const span = fakeSpan('1', change);
  const places = placesOf([span, fakeSpan('9', after)], span);
  expect(places.map((place) => `${place.change.kind}: ${place.text}`)).toEqual(expected);
}

const MODEL = { kind: 'model' } as const;
const TOOL = { kind: 'tool', output: '"rain"' } as const;

test('a reply and each message with words', () => {
  const input = JSON.stringify({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: null, tool_calls: [{ function: { name: 'f' } }] },
      { role: 'tool', content: 'rain' },
    ],
  });
  check({ ...MODEL, input, output: '{"content":"Yes."}' }, {}, [
    'reply: Yes.',
    'prompt: Be brief.',
    'prompt: rain',
  ]);
});

test('a reply that asks for tools is JSON, one that failed is empty, one that was cut is none', () => {
  const asks = { tool_calls: [{ id: '1', function: { name: 'f', arguments: '{}' } }] };
  const json = JSON.stringify(asks, null, 2);
  check({ ...MODEL, output: JSON.stringify(asks) }, {}, [`reply: ${json}`]);
  check({ ...MODEL, error: 'no reply' }, {}, ['reply: ']);
  check({ ...MODEL, output: '{"content":"Ye…' }, {}, []);
  check({ ...MODEL, durationMs: null }, {}, []);
});

test('what came of a tool, when a model is asked afterwards', () => {
  check(TOOL, MODEL, ['observation: rain']);
  check({ ...TOOL, output: '{"a":1}' }, MODEL, ['observation: {\n  "a": 1\n}']);
  check(TOOL, {}, []);
  check({ ...TOOL, error: 'broken' }, MODEL, []);
  check({ kind: 'parse', output: '1' }, MODEL, []);
});
