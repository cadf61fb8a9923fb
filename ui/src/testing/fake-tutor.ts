// Conversations and an AI service for the in-memory platform.

import type { AiState } from '../bindings/AiState';
import type { AskEvent } from '../bindings/AskEvent';
import type { AskStart } from '../bindings/AskStart';
import type { Spending } from '../bindings/Spending';
import type { ToolUse } from '../bindings/ToolUse';
import type { TutorConversation } from '../bindings/TutorConversation';
import type { TutorMessage } from '../bindings/TutorMessage';
import type { TutorPart } from '../bindings/TutorPart';
import type { TutorThread } from '../bindings/TutorThread';
import { COURSE } from './fake-course';

export const NO_SPENDING: Spending = {
  month: '2026-11',
  answers: 0,
  tokens: 0,
  amounts: [],
  cap: { currency: 'CNY', value: 20 },
  level: 'fine',
};

/** A service without a key: what a learner has at the first start. */
export const NO_AI: AiState = {
  ready: false,
  key: 'none',
  address: 'https://api.deepseek.com',
  model: 'deepseek-flash',
  spending: NO_SPENDING,
};

export const AI: AiState = { ...NO_AI, ready: true, key: 'keyring' };

export function thread(change: Partial<TutorThread> = {}): TutorThread {
  return {
    id: 't1',
    lesson: { course: COURSE, lesson: 'hello' },
    title: 'Why does it wait?',
    at: Date.UTC(2026, 10, 21, 8),
    leaf: null,
    ...change,
  };
}

/** A message as a test says it: its parts, or all its words and thoughts in one piece. */
export type MessageChange = Partial<TutorMessage> & { html?: string; thinking?: string };

export function message({ html, thinking, ...change }: MessageChange): TutorMessage {
  const text = change.text ?? '';
  const drawn = html ?? (text === '' ? '' : `<p>${text}</p>`);
  const parts: TutorPart[] = [];
  if (thinking) parts.push({ type: 'thinking', text: thinking });
  if (drawn !== '') parts.push({ type: 'text', html: drawn });
  return {
    id: 'm',
    parent: null,
    mine: false,
    kind: 'question',
    state: 'done',
    at: Date.UTC(2026, 10, 21, 8),
    text,
    parts,
    hasMath: false,
    rung: null,
    chips: [],
    cut: false,
    model: '',
    cost: null,
    error: null,
    ...change,
  };
}

/** A search that found two places; `change` says what else became of it. */
export function lookedUp(change: Partial<ToolUse> = {}): ToolUse {
  const place = (lesson: string, title: string, heading: string) => ({
    lesson: { course: COURSE, lesson },
    anchor: heading === '' ? null : 'h-scores',
    title,
    heading,
  });
  return {
    id: 1,
    kind: 'searchLessons',
    asked: 'closure',
    state: 'done',
    places: [place('tools', 'Tools', 'Scores'), place('hello', 'Hello', '')],
    ms: 4,
    ...change,
  };
}

/** A question on its way, as the test drives it. */
export interface FakeAsk {
  readonly ask: AskStart;
  stopped: boolean;
  emit(...events: AskEvent[]): void;
  /** Says it was accepted. */
  start(): void;
  /** Ends well with this answer. */
  finish(answer: MessageChange): void;
}

export function fakeAsk(
  ask: AskStart,
  number: number,
  onEvents: (events: AskEvent[]) => void,
): FakeAsk {
  const [question, answer] = [`q${number}`, `a${number}`];
  const parent = ask.again ? ask.after : question;
  const base = { id: answer, parent, kind: ask.kind };
  return {
    ask,
    stopped: false,
    emit: (...events) => onEvents(events),
    start() {
      const words = ask.text || `(${ask.kind})`;
      onEvents([
        {
          type: 'started',
          thread: thread({ id: ask.thread ?? 't-new', title: words, leaf: answer }),
          question: ask.again
            ? null
            : message({ id: question, parent: ask.after, mine: true, kind: ask.kind, text: words }),
          answer: message({ ...base, state: 'streaming' }),
        },
      ]);
    },
    finish(change) {
      onEvents([
        { type: 'finished', answer: message({ ...base, ...change }), spending: NO_SPENDING },
      ]);
    },
  };
}

/** A conversation to look at: two versions of an answer, what was looked up, code, a table, a formula. */
export function talk(): TutorConversation {
  const rich =
    '<p>Good: your loop already asks the world first. Look at <code>decide</code> once more: <a href="#h-mtalk-score">Scoring tools</a> says where the scores come from.</p>' +
    '<pre class="code" data-language="python" tabindex="0"><code><span class="hl-keyword">def</span> decide(observation):\n    <span class="hl-keyword">return</span> <span class="hl-string">"wait"</span></code></pre>' +
    '<div class="table-scroll" role="group" tabindex="0" aria-label="Table"><table><thead><tr><th>it sees</th><th>it answers</th></tr></thead><tbody><tr><td>rain</td><td>wait</td></tr></tbody></table></div>' +
    '<p>What would <span class="math" data-display="false">p_i</span> be in the rain?</p>';
  const cost = {
    input: 2140,
    cached: 1800,
    output: 163,
    money: { currency: 'CNY', value: 0.00103 },
  };
  return {
    thread: thread({ leaf: 'a2' }),
    messages: [
      message({ id: 'q', mine: true, text: 'Why does it always wait?' }),
      message({ id: 'a1', parent: 'q', text: 'Shorter.', rung: 'nudge' }),
      message({
        id: 'a2',
        parent: 'q',
        text: 'Good: …',
        parts: [
          { type: 'thinking', text: 'The learner returns a constant.' },
          { type: 'text', html: '<p>Let me see where the lessons speak of it.</p>' },
          { type: 'tool', tool: lookedUp() },
          { type: 'text', html: rich },
        ],
        hasMath: true,
        rung: 'where',
        model: 'deepseek-flash',
        cost,
        chips: [
          { kind: 'section', detail: 'Scoring tools', tokens: 300 },
          { kind: 'code', detail: 'main.py', tokens: 200 },
        ],
      }),
    ],
  };
}
