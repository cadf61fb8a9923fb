// The output of one run as lines of styled spans. Append-only apart from the open last line, which
// `\r`, backspace and "erase line" may rewrite (progress bars). Not React state: `version` grows
// with every change, and finished lines never change, so a row may be memoised by identity.

import type { RunEvent } from '../../../bindings/RunEvent';
import { AnsiReader, type Token } from './ansi';
import { PLAIN, type Style, same } from './sgr';

/** `stdin` is the echo of what the learner typed at a prompt. */
export type Stream = 'stdout' | 'stderr' | 'stdin';

export interface Span {
  readonly text: string;
  readonly stream: Stream;
  readonly style: Style;
}

export interface Line {
  readonly spans: readonly Span[];
  /** Stands for output that was not kept: so many bytes. */
  readonly leftOut?: number;
}

const EMPTY: Line = { spans: [] };

export class LineModel {
  version = 0;
  private readonly done: Line[] = [];
  private tail: Span[] = [];
  /** The open line as last handed out; null once it changed. */
  private tailLine: Line | null = null;
  private column = 0;
  private length = 0;
  private readonly readers = { stdout: new AnsiReader(), stderr: new AnsiReader() };

  /** Lines to show; an open last line without any text is not one. */
  get count(): number {
    return this.done.length + (this.tail.length > 0 ? 1 : 0);
  }

  /** Whether the last line still waits for its end. */
  get open(): boolean {
    return this.tail.length > 0;
  }

  line(index: number): Line {
    return this.done[index] ?? (index === this.done.length ? this.openLine() : EMPTY);
  }

  /** Takes what an event of a run adds to the output; most add nothing. */
  take(event: RunEvent): void {
    if (event.type === 'stdout' || event.type === 'stderr') this.append(event.type, event.text);
    else if (event.type === 'leftOut') this.leaveOut(event.bytes);
  }

  append(stream: Stream, text: string): void {
    if (text === '') return;
    if (stream === 'stdin') {
      this.write(text.replace(/\p{Cc}/gu, ''), 'stdin', PLAIN);
      this.newline();
    } else {
      this.apply(stream, this.readers[stream].read(text));
    }
    this.version += 1;
  }

  /** The program is over: unfinished escapes become visible text. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      this.apply(stream, this.readers[stream].end());
    }
    this.version += 1;
  }

  /** Everything as plain text, never shortened. */
  text(): string {
    const lines: string[] = [];
    for (let index = 0; index < this.count; index += 1) lines.push(lineText(this.line(index)));
    return lines.length > 0 ? `${lines.join('\n')}\n` : '';
  }

  private leaveOut(bytes: number): void {
    if (this.tail.length > 0) this.newline();
    this.done.push({ spans: [], leftOut: bytes });
    this.version += 1;
  }

  private openLine(): Line {
    this.tailLine ??= { spans: [...this.tail] };
    return this.tailLine;
  }

  private apply(stream: Stream, tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (token.kind === 'text') this.write(token.text, stream, token.style);
      else if (token.kind === 'newline') this.newline();
      else if (token.kind === 'return') this.column = 0;
      else if (token.kind === 'back') this.column = Math.max(0, this.column - 1);
      else this.erase(token.mode);
    }
  }

  private newline(): void {
    this.done.push(this.tail.length > 0 ? this.openLine() : EMPTY);
    this.tail = [];
    this.tailLine = null;
    this.column = 0;
    this.length = 0;
  }

  private write(text: string, stream: Stream, style: Style): void {
    if (text === '') return;
    const span: Span = { text, stream, style };
    const after = cut(this.tail, this.column + text.length, this.length);
    if (this.column < this.length) this.tail = cut(this.tail, 0, this.column);
    push(this.tail, span);
    this.tail.push(...after);
    this.tailLine = null;
    this.column += text.length;
    this.length = Math.max(this.length, this.column);
  }

  private erase(mode: number): void {
    if (mode === 0) this.tail = cut(this.tail, 0, this.column);
    else if (mode === 2) this.tail = [];
    this.tailLine = null;
    this.length = this.tail.reduce((sum, span) => sum + span.text.length, 0);
    this.column = Math.min(this.column, this.length);
  }
}

export function lineText(line: Line): string {
  if (line.leftOut !== undefined) return '…';
  return line.spans.map((span) => span.text).join('');
}

/** One span more; neighbours of the same look become one. */
function push(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last && last.stream === span.stream && same(last.style, span.style)) {
    spans[spans.length - 1] = { ...last, text: last.text + span.text };
  } else {
    spans.push(span);
  }
}

/** The part of the spans between two columns. */
export function cut(spans: readonly Span[], from: number, to: number): Span[] {
  const kept: Span[] = [];
  if (from >= to) return kept;
  let at = 0;
  for (const span of spans) {
    const text = span.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text) kept.push({ ...span, text });
    at += span.text.length;
  }
  return kept;
}
