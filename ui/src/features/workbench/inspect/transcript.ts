// What a recorded run printed, as it came, so that the output so far can be shown for any step.
// Steps count code points of what the program wrote; what the learner typed is not counted.

import type { RunEvent } from '../../../bindings/RunEvent';
import { LineModel, type Stream } from '../output/line-model';

interface Piece {
  readonly stream: Stream;
  readonly text: string;
  /** Code points that the program had written before. */
  readonly start: number;
}

/** Of a long output only the end is drawn: a slider asks for it many times a second. */
export const SHOWN = 4_000;

export class Transcript {
  private readonly pieces: Piece[] = [];
  private written = 0;

  get isEmpty(): boolean {
    return this.pieces.length === 0;
  }

  take(event: RunEvent): void {
    if (event.type === 'stdout' || event.type === 'stderr') this.append(event.type, event.text);
  }

  append(stream: Stream, text: string): void {
    this.pieces.push({ stream, text, start: this.written });
    if (stream !== 'stdin') this.written += points(text);
  }

  /** The lines on the screen when the program had written so many code points. */
  upTo(printed: number): LineModel {
    const shown: Piece[] = [];
    let room = SHOWN;
    for (let at = this.pieces.length - 1; at >= 0 && room > 0; at -= 1) {
      const piece = this.pieces[at];
      if (!piece || !this.isThere(piece, at, printed)) continue;
      const whole = piece.stream === 'stdin' ? piece.text : head(piece.text, printed - piece.start);
      const text = tail(whole, room);
      room -= text.length;
      shown.push({ ...piece, text });
    }
    const lines = new LineModel();
    for (const { stream, text } of shown.reverse()) lines.append(stream, text);
    lines.end();
    return lines;
  }

  /** An answer is there once its question is; one without a question, once anything follows. */
  private isThere({ stream, start }: Piece, at: number, printed: number): boolean {
    if (stream !== 'stdin') return start < printed;
    const asked = at > 0 && !this.pieces[at - 1]?.text.endsWith('\n');
    return asked ? start <= printed : start < printed;
  }
}

/** Length in code points. */
function points(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at += 1) if ((text.codePointAt(at) ?? 0) > 0xffff) count -= 1;
  return count;
}

/** The first `count` code points. */
function head(text: string, count: number): string {
  if (count >= text.length) return text;
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left -= 1) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, at);
}

/** The last `most` units, from the start of a line where that leaves anything. */
function tail(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.slice(-most);
  const line = end.indexOf('\n') + 1;
  return line > 0 && line < end.length ? end.slice(line) : end;
}
