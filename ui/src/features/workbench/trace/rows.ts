// The steps of a trace as rows of a table: a tree laid flat, with what is folded left out and what is
// searched for kept, together with what it belongs to. Pure.

import type { TraceSpan } from '../../../bindings/TraceSpan';

export interface Row {
  readonly span: TraceSpan;
  readonly depth: number;
  /** It has steps of its own. */
  readonly isParent: boolean;
  readonly isFolded: boolean;
}

export function rowsOf(
  spans: readonly TraceSpan[],
  folded: ReadonlySet<string>,
  search: string,
): Row[] {
  const children = new Map<string | null, TraceSpan[]>();
  const known = new Set(spans.map(({ id }) => id));
  for (const span of spans) {
    // A step whose parent is missing, because there were too many, stands on its own.
    const parent = span.parent !== null && known.has(span.parent) ? span.parent : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(span);
    else children.set(parent, [span]);
  }
  const wanted = search === '' ? null : found(spans, search);
  const rows: Row[] = [];
  // A stack and no recursion: a program nests its steps as deep as it likes.
  const open = [...(children.get(null) ?? [])].reverse().map((span) => ({ span, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { span, depth } = next;
    if (wanted && !wanted.has(span.id)) continue;
    const inner = children.get(span.id) ?? [];
    const isFolded = !wanted && folded.has(span.id);
    rows.push({ span, depth, isParent: inner.length > 0, isFolded });
    if (isFolded) continue;
    for (let at = inner.length - 1; at >= 0; at -= 1) {
      const child = inner[at];
      if (child) open.push({ span: child, depth: depth + 1 });
    }
  }
  return rows;
}

/** What holds the words, and everything around it. */
function found(spans: readonly TraceSpan[], search: string): Set<string> {
  const words = search.toLowerCase();
  const byId = new Map(spans.map((span) => [span.id, span]));
  const kept = new Set<string>();
  for (const span of spans) {
    const texts = [span.name, span.input, span.output, span.error ?? ''];
    if (!texts.some((text) => text.toLowerCase().includes(words))) continue;
    let around: TraceSpan | undefined = span;
    while (around && !kept.has(around.id)) {
      kept.add(around.id);
      around = around.parent === null ? undefined : byId.get(around.parent);
    }
  }
  return kept;
}

/** From the first step's beginning to the last one's end. */
export function extent(spans: readonly TraceSpan[]): { start: number; length: number } {
  let [start, end] = [Number.POSITIVE_INFINITY, 0];
  for (const { startMs, durationMs } of spans) {
    start = Math.min(start, startMs);
    end = Math.max(end, startMs + (durationMs ?? 0));
  }
  return spans.length === 0 ? { start: 0, length: 0 } : { start, length: end - start };
}

/** Why a call is none: the run had made as many as it may. */
const LIMITS: ReadonlySet<string> = new Set(['call_limit', 'token_limit']);

export interface Sums {
  /** Of a model; those that a limit refused left out. */
  readonly calls: number;
  readonly tokens: number;
  /** By currency; empty when nothing was paid. */
  readonly cost: ReadonlyMap<string, number>;
}

export function sumsOf(spans: readonly TraceSpan[]): Sums {
  let [calls, tokens] = [0, 0];
  const cost = new Map<string, number>();
  for (const span of spans) {
    const asks = span.kind === 'model' || span.kind === 'embedding';
    if (asks && !LIMITS.has(span.attributes['error.type'] ?? '')) calls += 1;
    tokens += (span.inputTokens ?? 0) + (span.outputTokens ?? 0);
    if (span.cost) {
      const { currency, value } = span.cost;
      cost.set(currency, (cost.get(currency) ?? 0) + value);
    }
  }
  return { calls, tokens, cost };
}
