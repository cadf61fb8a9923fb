// What stands in a model's words: thoughts, actions and observations, as agents that think and act
// write them, in English and in Chinese. Pure; it recognises and decides nothing.

export type PartKind = 'thought' | 'action' | 'observation' | 'answer' | 'plan' | 'text';

export interface ReplyPart {
  readonly kind: PartKind;
  readonly text: string;
}

const NAMES: readonly (readonly [PartKind, RegExp])[] = [
  ['thought', /^(thought|思考|想法|推理)$/i],
  ['action', /^(action|action input|行动|动作|操作)$/i],
  ['observation', /^(observation|观察|观测)$/i],
  ['answer', /^(answer|final answer|finish|答案|最终答案|回答)$/i],
  ['plan', /^(plan|计划|规划)$/i],
];
/** `Thought:`, also `**Thought:**`, `### 思考：` and `Thought 1:`, at the beginning of a line. */
const LABEL = /^[\s>*_#-]*([A-Za-z ]{4,13}|\p{Script=Han}{2,4})\s*\d*\s*[*_]*\s*[:：][*_]*\s*/u;

export function partsOf(reply: string): ReplyPart[] {
  const parts: { kind: PartKind; lines: string[] }[] = [];
  for (const line of reply.split('\n')) {
    const [label, name = ''] = LABEL.exec(line) ?? ['', ''];
    const kind = NAMES.find(([, names]) => names.test(name.trim()))?.[0];
    const last = parts.at(-1);
    if (kind) parts.push({ kind, lines: [line.slice(label.length)] });
    else if (last) last.lines.push(line);
    else parts.push({ kind: 'text', lines: [line] });
  }
  return parts
    .map(({ kind, lines }) => ({ kind, text: lines.join('\n').trim() }))
    .filter(({ text }) => text !== '');
}

/** Whether there is more in it than words. */
export function isStructured(parts: readonly ReplyPart[]): boolean {
  return parts.some(({ kind }) => kind !== 'text');
}

export interface ToolAsk {
  readonly name: string;
  readonly args: string;
}

export interface ChatMessage {
  readonly role: string;
  readonly text: string;
  readonly thinking: string;
  readonly calls: readonly ToolAsk[];
}

/** JSON of a step; the text itself where it is none, because it was cut. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A message as it stands in the JSON of chat completions. */
export function messageOf(value: unknown): ChatMessage {
  const message = object(value);
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return {
    role: typeof message.role === 'string' ? message.role : 'assistant',
    text: words(message.content),
    thinking: words(message.reasoning_content),
    calls: calls.map((call) => {
      const asked = object(object(call).function);
      return { name: words(asked.name), args: words(asked.arguments) };
    }),
  };
}

/** The conversation that was sent; `null` for what is none. */
export function messagesOf(input: string): ChatMessage[] | null {
  const { messages } = object(jsonOf(input));
  return Array.isArray(messages) ? messages.map(messageOf) : null;
}

/** A text as it is, anything else as JSON that can be read. */
export function pretty(text: string): string {
  const value = jsonOf(text);
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function words(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value, null, 2);
}
