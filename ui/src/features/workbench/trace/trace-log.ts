// The steps of one run's agents as they come: each is told when it begins and again when it ends, and
// the newest word counts. The order is that of their beginnings.

import type { RunEvent } from '../../../bindings/RunEvent';
import type { TraceSpan } from '../../../bindings/TraceSpan';

export class TraceLog {
  /** Grows with every word, so that a drawing knows when it is old. */
  version = 0;
  private readonly list: TraceSpan[] = [];
  private readonly places = new Map<string, number>();

  static of(spans: readonly TraceSpan[]): TraceLog {
    const log = new TraceLog();
    for (const span of spans) log.put(span);
    return log;
  }

  get spans(): readonly TraceSpan[] {
    return this.list;
  }

  take(event: RunEvent): void {
    if (event.type === 'traced') this.put(event.span);
  }

  private put(span: TraceSpan): void {
    const place = this.places.get(span.id) ?? this.list.length;
    this.places.set(span.id, place);
    this.list[place] = span;
    this.version += 1;
  }
}
