// Where a run can go another way: what of a step the learner may write anew. Pure; the core has the last
// word, because only it knows whether everything before was kept.

import type { ForkChange } from '../../../bindings/ForkChange';
import type { TraceSpan } from '../../../bindings/TraceSpan';
import { type ChatMessage, jsonOf, messageOf, messagesOf, pretty } from './reply';

export interface ForkPlace {
  readonly change: ForkChange;
  /** As it was. */
  readonly text: string;
  /** Who says it, of a message; it is JSON, of a reply that asks for tools. */
  readonly role?: ChatMessage['role'];
  readonly isJson?: boolean;
}

export function placesOf(spans: readonly TraceSpan[], span: TraceSpan): ForkPlace[] {
  if (span.durationMs === null) return [];
  if (span.kind === 'model') return [...replyOf(span), ...promptsOf(span)];
  return span.kind === 'tool' ? observationOf(spans, span) : [];
}

function replyOf({ output }: TraceSpan): ForkPlace[] {
  const value = jsonOf(output);
  // What was cut is text and no message. A call that failed has no reply, and can be given one.
  if (typeof value === 'string' && output !== '') return [];
  const { text, calls } = messageOf(value);
  const isJson = calls.length > 0;
  return [{ change: { kind: 'reply' }, text: isJson ? pretty(output) : text, isJson }];
}

function promptsOf({ input }: TraceSpan): ForkPlace[] {
  const messages = messagesOf(input) ?? [];
  return messages.flatMap(({ role, text, calls }, message) => {
    const isWords = text !== '' && calls.length === 0;
    return isWords ? [{ change: { kind: 'prompt', message } as const, text, role }] : [];
  });
}

/** What came of a tool counts only when a model is asked afterwards. */
function observationOf(spans: readonly TraceSpan[], span: TraceSpan): ForkPlace[] {
  const end = span.startMs + (span.durationMs ?? 0);
  const isTold = spans.some(({ kind, startMs }) => kind === 'model' && startMs >= end);
  if (span.output === '' || span.error !== null || !isTold) return [];
  return [{ change: { kind: 'observation' }, text: pretty(span.output) }];
}
