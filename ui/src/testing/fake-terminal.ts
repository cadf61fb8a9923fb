// A terminal whose shell is the test.

import type { TerminalEnd } from '../bindings/TerminalEnd';
import type { TerminalNews } from '../bindings/TerminalNews';
import type { TerminalOpen } from '../bindings/TerminalOpen';

export class FakeTerminal {
  readonly open: TerminalOpen;
  readonly typed: string[] = [];
  readonly sizes: [number, number][] = [];
  closed = false;
  /** How often the page has asked for more. */
  asked = 0;
  private readonly news: TerminalNews[] = [];
  private waiting: ((news: TerminalNews) => void) | null = null;

  constructor(open: TerminalOpen) {
    this.open = open;
  }

  next(): Promise<TerminalNews> {
    this.asked += 1;
    const ready = this.news.shift();
    if (ready) return Promise.resolve(ready);
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }

  say(text: string, end: TerminalEnd | null = null): void {
    const { waiting } = this;
    this.waiting = null;
    if (waiting) waiting({ text, end });
    else this.news.push({ text, end });
  }
}
