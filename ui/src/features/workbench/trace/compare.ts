// Two traces step by step beside each other: what was the same, what differs, what only one has. Pure.

import type { TraceSpan } from '../../../bindings/TraceSpan';

export interface Pair {
  readonly left: TraceSpan | null;
  readonly right: TraceSpan | null;
  /** Both are there and came to the same. */
  readonly same: boolean;
}

/** Cells of the table of common steps; beyond, steps are paired by their order. */
const MAX_CELLS = 4_000_000;

export function pairsOf(left: readonly TraceSpan[], right: readonly TraceSpan[]): Pair[] {
  const width = right.length + 1;
  if ((left.length + 1) * width > MAX_CELLS) return byOrder(left, right);
  const common = new Uint16Array((left.length + 1) * width);
  const at = (l: number, r: number) => common[l * width + r] ?? 0;
  for (let l = left.length - 1; l >= 0; l -= 1) {
    for (let r = right.length - 1; r >= 0; r -= 1) {
      common[l * width + r] = alike(left[l], right[r])
        ? at(l + 1, r + 1) + 1
        : Math.max(at(l + 1, r), at(l, r + 1));
    }
  }
  const pairs: Pair[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    if (l < left.length && r < right.length && alike(left[l], right[r])) {
      pairs.push(pair(left[l++], right[r++]));
    } else if (l < left.length && (r === right.length || at(l + 1, r) >= at(l, r + 1))) {
      pairs.push(pair(left[l++], undefined));
    } else {
      pairs.push(pair(undefined, right[r++]));
    }
  }
  return pairs;
}

function byOrder(left: readonly TraceSpan[], right: readonly TraceSpan[]): Pair[] {
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, at) => pair(left[at], right[at]));
}

/** The same step of two runs: what it is, not what came of it. */
function alike(left: TraceSpan | undefined, right: TraceSpan | undefined): boolean {
  return left?.kind === right?.kind && left?.name === right?.name;
}

function pair(left: TraceSpan | undefined, right: TraceSpan | undefined): Pair {
  const same =
    left !== undefined &&
    right !== undefined &&
    left.output === right.output &&
    left.error === right.error;
  return { left: left ?? null, right: right ?? null, same };
}
