// A recording as moments: which calls were going on at a step, what each of them held, what had
// just changed. Pure. Every name of every call has the list of its changes, so the state at any
// step is a few binary searches, and a slider may be dragged over thousands of steps.
//
// A recording comes from a learner's program: what points nowhere in it is shown as nothing.

import type { Recording } from '../../../bindings/Recording';
import type { Step } from '../../../bindings/Step';
import type { StepKind } from '../../../bindings/StepKind';
import type { Variable } from '../../../bindings/Variable';

export interface Place {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

export interface Held extends Variable {
  /** What the line that was just executed did to it. */
  readonly change: 'new' | 'changed' | null;
  /** The value before that, where it was another one. */
  readonly before: string | null;
}

/** One call that is going on. */
export interface Call {
  readonly frame: number;
  /** `f()` for a function; a class's body and the like by their bare names. */
  readonly name: string;
  /** The top level of a file. */
  readonly isModule: boolean;
  readonly place: Place | null;
  /** In the order of first assignment. */
  readonly held: readonly Held[];
  /** Names that were just deleted. */
  readonly gone: readonly string[];
}

export interface Moment {
  readonly kind: StepKind;
  /** What is about to happen. */
  readonly place: Place | null;
  /** The line executed right before, if it is another one. */
  readonly done: Place | null;
  /** Calls that are going on, the innermost first. */
  readonly stack: readonly number[];
  /** Returned or raised. */
  readonly value: string | null;
  /** Code points printed by then. */
  readonly printed: number;
}

interface Change {
  readonly at: number;
  /** `null`: deleted. */
  readonly variable: Variable | null;
}

interface Life {
  /** Its steps, ascending. */
  readonly steps: number[];
  readonly names: Map<string, Change[]>;
}

export class Replay {
  readonly length: number;
  /** How many files the steps are in. */
  readonly files: number;
  /** Whether the program went on after the last step. */
  readonly cut: boolean;
  private readonly recording: Recording;
  private readonly lives = new Map<number, Life>();

  constructor(recording: Recording) {
    this.recording = recording;
    this.length = recording.steps.length;
    this.files = recording.files.length;
    this.cut = recording.cut;
    recording.steps.forEach((step, at) => {
      const life = this.life(step.frame);
      life.steps.push(at);
      for (const variable of step.changed) note(life, variable.name, { at, variable });
      for (const name of step.gone) note(life, name, { at, variable: null });
    });
  }

  moment(at: number): Moment | null {
    const step = this.recording.steps[at];
    if (!step) return null;
    const place = this.place(step);
    const before = this.recording.steps[at - 1];
    const done = before ? this.place(before) : null;
    return {
      kind: step.kind,
      place,
      done: samePlace(place, done) ? null : done,
      stack: this.stack(step.frame),
      value: step.value,
      printed: step.printed,
    };
  }

  /** A call as it was at a step: one of the moment's stack. */
  call(frame: number, at: number): Call {
    const { steps, names } = this.life(frame);
    const last = this.recording.steps[steps[upTo(steps, at, Number)] ?? -1];
    const isNow = this.recording.steps[at]?.frame === frame;
    const held: Held[] = [];
    for (const changes of names.values()) {
      const index = upTo(changes, at, (change) => change.at);
      const variable = changes[index]?.variable;
      if (!variable) continue;
      const fresh = isNow && changes[index]?.at === at;
      const before = (fresh && changes[index - 1]?.variable?.value) || null;
      held.push({
        ...variable,
        change: fresh ? (before === null ? 'new' : 'changed') : null,
        before: before === variable.value ? null : before,
      });
    }
    return {
      frame,
      ...this.named(frame),
      place: last ? this.place(last) : null,
      held,
      gone: isNow ? (this.recording.steps[at]?.gone ?? []) : [],
    };
  }

  /** The next step on a line after `at`, from the start again when there is none. */
  nextOn({ path, line }: Place, at: number): number | null {
    const { steps } = this.recording;
    for (let ahead = 1; ahead <= steps.length; ahead += 1) {
      const index = (at + ahead) % steps.length;
      const step = steps[index];
      if (step?.line === line && this.place(step)?.path === path) return index;
    }
    return null;
  }

  private named(frame: number): Pick<Call, 'name' | 'isModule'> {
    const name = this.recording.frames[frame]?.function ?? '';
    const first = this.recording.steps[this.life(frame).steps[0] ?? -1];
    // Bodies of classes are entered without a call, and Python's own names stand in brackets.
    const isFunction = first?.kind === 'call' && !name.startsWith('<');
    return { name: isFunction ? `${name}()` : name, isModule: name === '<module>' };
  }

  private life(frame: number): Life {
    const known = this.lives.get(frame);
    if (known) return known;
    const life: Life = { steps: [], names: new Map() };
    this.lives.set(frame, life);
    return life;
  }

  private place({ file, line }: Step): Place | null {
    const path = this.recording.files[file];
    return path === undefined || line < 1 ? null : { path, line };
  }

  /** A caller was entered before what it calls; anything else would go round in circles. */
  private stack(frame: number): number[] {
    const { frames } = this.recording;
    const stack: number[] = [];
    let at: number | null = frame;
    while (at !== null && frames[at]) {
      stack.push(at);
      const parent: number | null = frames[at]?.parent ?? null;
      at = parent !== null && parent < at ? parent : null;
    }
    return stack;
  }
}

export function samePlace(one: Place | null, other: Place | null): boolean {
  return one?.path === other?.path && one?.line === other?.line;
}

function note(life: Life, name: string, change: Change): void {
  const changes = life.names.get(name);
  if (changes) changes.push(change);
  else life.names.set(name, [change]);
}

/** Index of the last item that is not after `at`, or -1. Items are ascending. */
function upTo<T>(items: readonly T[], at: number, of: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(items[middle] as T) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
