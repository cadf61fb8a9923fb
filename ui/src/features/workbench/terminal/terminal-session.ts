// One terminal from its opening to its end: keys go to the shell in their order, what it says comes to
// the screen as fast as the screen draws it and no faster.

import type { ApiError as WireError } from '../../../bindings/ApiError';
import type { FileText } from '../../../bindings/FileText';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { TerminalEnd } from '../../../bindings/TerminalEnd';
import { toApiError } from '../../../lib/api-error';
import type { Platform } from '../../../platform/platform';
import type { Screen, ScreenSize } from './screen';

export type TerminalState = { is: 'opening' } | { is: 'open' } | { is: 'ended'; end: TerminalEnd };

/** Characters of one call; each is at most four bytes, and a call takes 64 KiB. */
const PIECE = 16_000;
/** More than this is no paste that anybody means. */
const MOST_PASTED = 1_000_000;

export class TerminalSession {
  private readonly platform: Platform;
  private readonly screen: Screen;
  private readonly tell: (state: TerminalState) => void;
  private readonly id = crypto.randomUUID();
  private typing: Promise<void> = Promise.resolve();
  private over = false;

  constructor(platform: Platform, screen: Screen, tell: (state: TerminalState) => void) {
    this.platform = platform;
    this.screen = screen;
    this.tell = tell;
  }

  /** Opens it and serves it until it ends. */
  async live(lesson: LessonRef, files: FileText[]): Promise<void> {
    const { id: terminalId, screen } = this;
    this.tell({ is: 'opening' });
    try {
      await this.platform.terminalOpen({ terminalId, lesson, files, ...screen.size });
      if (this.over) return;
      this.tell({ is: 'open' });
      screen.focus();
      while (!this.over) {
        const { text, end } = await this.platform.terminalNext(terminalId);
        if (this.over) return;
        if (text !== '') await screen.write(text);
        if (end) this.end(end);
      }
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  /** Keys one after the other, however long each call takes. Says whether they were taken. */
  type(text: string): boolean {
    if (text.length > MOST_PASTED) return false;
    for (const piece of pieces(text)) {
      this.typing = this.typing.then(() => {
        if (this.over) return undefined;
        // The end is told by whoever reads.
        return this.platform.terminalType(this.id, piece).catch(() => undefined);
      });
    }
    return true;
  }

  resize({ rows, columns }: ScreenSize): void {
    if (this.over) return;
    this.platform.terminalResize(this.id, rows, columns).catch(() => undefined);
  }

  /** Nothing is told any more. */
  close(): void {
    if (this.over) return;
    this.over = true;
    this.platform.terminalClose(this.id).catch(() => undefined);
  }

  private fail(thrown: unknown): void {
    if (this.over) return;
    const { code, message, requestId } = toApiError(thrown);
    const error: WireError = { code, message, requestId };
    this.end({ kind: 'failed', error });
  }

  private end(end: TerminalEnd): void {
    this.over = true;
    this.tell({ is: 'ended', end });
  }
}

/** A text in pieces, none of which ends within a character. */
function pieces(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + PIECE, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    found.push(text.slice(at, end));
    at = end;
  }
  return found;
}
