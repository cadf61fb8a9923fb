// A step in one line: what the model decided, what a tool answered. Pure.

import type { TraceSpan } from '../../../bindings/TraceSpan';
import { jsonOf, messageOf, partsOf } from './reply';

export function gist(span: TraceSpan): string {
  if (span.kind !== 'model') return oneLine(span.output || span.input);
  const { text, calls } = messageOf(jsonOf(span.output));
  const [call] = calls;
  if (call) return `${call.name}(${oneLine(call.args)})`;
  const parts = partsOf(text);
  const decided = parts.find(({ kind }) => kind === 'action' || kind === 'answer');
  return oneLine(decided?.text ?? text);
}

function oneLine(text: string): string {
  const value = jsonOf(text);
  const words = typeof value === 'string' ? value : text;
  return words.slice(0, 200).replace(/\s+/g, ' ').trim();
}
