// Where one is in a recording. Lives outside React, because dragging the slider must redraw the
// steps and the mark in the editor, and nothing else of the workbench.

import type { FileText } from '../../../bindings/FileText';
import type { Recording } from '../../../bindings/Recording';
import { LiveState } from '../run/live-state';
import { type Moment, type Place, Replay } from './replay';
import { Transcript } from './transcript';

export class Playback {
  readonly replay: Replay;
  readonly transcript: Transcript;
  /** The step that is shown, from 0. */
  readonly live = new LiveState(0);
  private readonly lines: ReadonlyMap<string, readonly string[]>;
  private isNew = true;
  private shown: { at: number; moment: Moment | null } | null = null;

  constructor(recording: Recording, files: readonly FileText[], transcript: Transcript | null) {
    this.replay = new Replay(recording);
    this.transcript = transcript ?? new Transcript();
    this.lines = new Map(files.map(({ path, text }) => [path, text.split('\n')]));
  }

  /** Goes to a step; beyond the ends it stays at them. */
  go(at: number): void {
    const next = Math.max(0, Math.min(this.replay.length - 1, at));
    if (next !== this.live.get()) this.live.set(next);
  }

  /** Goes to the next step on a line, if the program ever came there. */
  goToLine(place: Place): void {
    const next = this.replay.nextOn(place, this.live.get());
    if (next !== null) this.go(next);
  }

  /** The same object until the step changes. */
  moment = (): Moment | null => {
    const at = this.live.get();
    if (this.shown?.at !== at) this.shown = { at, moment: this.replay.moment(at) };
    return this.shown.moment;
  };

  /** Whether this was never shown before: then the slider takes the focus, so that arrows work. */
  takeFocus(): boolean {
    const first = this.isNew;
    this.isNew = false;
    return first;
  }

  /** The line as it was when the program ran. */
  source({ path, line }: Place): string {
    return this.lines.get(path)?.[line - 1]?.trim() ?? '';
  }
}
