// One conversation as the pane shows it: a tree of messages, the branch that is open, and the answer
// on its way. A pure step per event; an event of another question changes nothing.

import type { ApiError } from '../../bindings/ApiError';
import type { AskEvent } from '../../bindings/AskEvent';
import type { ToolUse } from '../../bindings/ToolUse';
import type { TutorConversation } from '../../bindings/TutorConversation';
import type { TutorMessage } from '../../bindings/TutorMessage';
import type { TutorPart } from '../../bindings/TutorPart';
import type { TutorThread } from '../../bindings/TutorThread';

/** A block of words as sanitised HTML, or what was looked up between two of them. */
export type Piece = { readonly html: string } | { readonly tool: ToolUse };

/** An answer on its way. */
export interface Streaming {
  readonly askId: string;
  /** The message it becomes; none before it was accepted. */
  readonly answer: string | null;
  /** What is final, but for a tool that is still used. */
  readonly sealed: readonly Piece[];
  /** HTML of the block that still grows. */
  readonly growing: string;
  readonly thinking: string;
  readonly hasMath: boolean;
  /** It was taken back, and is asked for again. */
  readonly withheld: boolean;
  /** The service did not answer; milliseconds until it is asked again. */
  readonly waitMs: number | null;
  readonly stopping: boolean;
}

export interface Conversation {
  /** None before the first question. */
  readonly thread: TutorThread | null;
  readonly messages: readonly TutorMessage[];
  /** The newest message of the branch that is open. */
  readonly leaf: string | null;
  readonly streaming: Streaming | null;
  /** What came while one looked on, in the pieces in which it came, by the answer's id. */
  readonly drawn: ReadonlyMap<string, readonly Piece[]>;
  /** Why the last question came to nothing. */
  readonly error: ApiError | null;
}

export const EMPTY: Conversation = {
  thread: null,
  messages: [],
  leaf: null,
  streaming: null,
  drawn: new Map(),
  error: null,
};

export function opened({ thread, messages }: TutorConversation): Conversation {
  return { ...EMPTY, thread, messages, leaf: thread.leaf ?? messages.at(-1)?.id ?? null };
}

export function asked(before: Conversation, askId: string): Conversation {
  const streaming: Streaming = {
    askId,
    answer: null,
    sealed: [],
    growing: '',
    thinking: '',
    hasMath: false,
    withheld: false,
    waitMs: null,
    stopping: false,
  };
  return { ...before, streaming, error: null };
}

export function step(before: Conversation, askId: string, event: AskEvent): Conversation {
  const now = before.streaming;
  if (now?.askId !== askId) return before;
  switch (event.type) {
    case 'started': {
      const added = [event.question, event.answer].filter((message) => message !== null);
      return {
        ...before,
        thread: event.thread,
        messages: [...before.messages, ...added],
        leaf: event.answer.id,
        streaming: { ...now, answer: event.answer.id },
      };
    }
    case 'retrying':
      return { ...before, streaming: { ...now, waitMs: event.waitMs } };
    case 'thinking': {
      const thinking = now.thinking + event.text;
      return { ...before, streaming: { ...now, thinking, waitMs: null } };
    }
    case 'text': {
      const sealed = event.sealed === '' ? now.sealed : [...now.sealed, { html: event.sealed }];
      const hasMath = now.hasMath || event.hasMath;
      return {
        ...before,
        streaming: { ...now, sealed, growing: event.growing, hasMath, waitMs: null },
      };
    }
    case 'tool': {
      const streaming = { ...now, sealed: withTool(now.sealed, event.tool), waitMs: null };
      return { ...before, streaming };
    }
    case 'withheld': {
      const back = { ...now, sealed: [], growing: '', thinking: '', withheld: true };
      return { ...before, streaming: back };
    }
    case 'finished':
      return { ...ended(before, event.answer), error: null };
    case 'failed':
      return { ...ended(before, event.answer), error: event.error };
  }
}

export function stopping(before: Conversation): Conversation {
  const { streaming } = before;
  return streaming ? { ...before, streaming: { ...streaming, stopping: true } } : before;
}

function ended(before: Conversation, answer: TutorMessage | null): Conversation {
  const messages = answer
    ? before.messages.map((message) => (message.id === answer.id ? answer : message))
    : before.messages;
  if (!answer || !before.streaming) return { ...before, messages, streaming: null };
  const { sealed, growing } = before.streaming;
  const pieces = settledParts(answer.parts, [...sealed, { html: growing }]);
  const drawn = new Map(before.drawn).set(answer.id, pieces);
  return { ...before, messages, streaming: null, drawn };
}

/**
 * The blocks of an answer's last HTML: as many of those on the screen as it begins with, and the rest
 * as one. Who keeps the blocks draws nothing twice; a long answer drawn anew holds the page up.
 */
export function settled(html: string, blocks: readonly string[]): string[] {
  const kept: string[] = [];
  let rest = html;
  for (const block of blocks) {
    if (!rest.startsWith(block)) break;
    if (block !== '') kept.push(block);
    rest = rest.slice(block.length);
  }
  return rest === '' ? kept : [...kept, rest];
}

/** The pieces with what became of a tool, or with a new one at the end. */
function withTool(pieces: readonly Piece[], tool: ToolUse): Piece[] {
  const isSame = (piece: Piece) => 'tool' in piece && piece.tool.id === tool.id;
  if (!pieces.some(isSame)) return [...pieces, { tool }];
  return pieces.map((piece) => (isSame(piece) ? { tool } : piece));
}

/** The parts of an answer that ended, in the pieces that are on the screen as far as they hold. */
export function settledParts(parts: readonly TutorPart[], pieces: readonly Piece[]): Piece[] {
  let rest = pieces;
  return parts.flatMap((part): Piece[] => {
    if (part.type === 'thinking') return [];
    const at = rest.findIndex((piece) => 'tool' in piece);
    const blocks = at === -1 ? rest : rest.slice(0, at);
    if (part.type === 'tool') {
      rest = at === -1 ? [] : rest.slice(at + 1);
      return [{ tool: part.tool }];
    }
    const drawn = blocks.flatMap((piece) => ('html' in piece ? [piece.html] : []));
    return settled(part.html, drawn).map((html) => ({ html }));
  });
}

/** All that a message says, as sanitised HTML. */
export function htmlOf({ parts }: TutorMessage): string {
  return parts.map((part) => (part.type === 'text' ? part.html : '')).join('');
}

/** All that the model thought before and between its words. */
export function thinkingOf({ parts }: TutorMessage): string {
  const thoughts = parts.flatMap((part) => (part.type === 'thinking' ? [part.text] : []));
  return thoughts.join('\n\n');
}

/** The messages from the first to the leaf. */
export function branch({ messages, leaf }: Conversation): TutorMessage[] {
  const path: TutorMessage[] = [];
  let next = leaf;
  while (next !== null) {
    const message = messages.find(({ id }) => id === next);
    if (!message || path.includes(message)) break;
    path.unshift(message);
    next = message.parent;
  }
  return path;
}

/** The messages that stand in the place of this one, it among them, oldest first. */
export function siblings(messages: readonly TutorMessage[], of: TutorMessage): TutorMessage[] {
  return messages.filter(({ parent, mine }) => parent === of.parent && mine === of.mine);
}

/** The newest message below this one. */
export function leafBelow(messages: readonly TutorMessage[], id: string): string {
  const child = messages.findLast(({ parent }) => parent === id);
  return child ? leafBelow(messages, child.id) : id;
}
