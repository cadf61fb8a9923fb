// Cuts a program's output into text, line movements and colours. Everything else a terminal would
// obey (cursor travel, titles, hyperlinks, bells) is made inert here: sequences vanish, single
// control bytes become a visible symbol. Escapes may be split anywhere between two chunks.

import { applySgr, PLAIN, type Style } from './sgr';

export type Token =
  | { kind: 'text'; text: string; style: Style }
  | { kind: 'newline' }
  | { kind: 'return' }
  | { kind: 'back' }
  /** 0: from the cursor to the end, 1: from the start to the cursor, 2: the whole line. */
  | { kind: 'erase'; mode: number };

const CONTROL = /\p{Cc}/gu;
const ESC = '\u001b';
const BEL = '\u0007';
/** What may follow the escape byte. */
const CSI = /^\[([0-?]*)[ -/]*([@-~])/;
const CSI_OPEN = /^\[[0-?]*[ -/]*$/;
const STRING = /^[\]P^_X]/;
const CHARSET = /^[()*+#%][ -~]/;
const SINGLE = /^[0-Z\\`-~]/;
/** Nothing meant for a terminal is longer; beyond it an unfinished escape is plain text. */
const MAX_PENDING = 2048;

export class AnsiReader {
  private pending = '';
  private style: Style = PLAIN;

  read(chunk: string): Token[] {
    const input = this.pending + chunk;
    this.pending = '';
    const tokens: Token[] = [];
    let at = 0;
    while (at < input.length) {
      CONTROL.lastIndex = at;
      const hit = CONTROL.exec(input)?.index ?? input.length;
      if (hit > at) this.text(tokens, input.slice(at, hit));
      if (hit >= input.length) break;
      const length = this.control(tokens, input, hit);
      if (length === 0) {
        this.pending = input.slice(hit);
        break;
      }
      at = hit + length;
    }
    return tokens;
  }

  /** What is left of an escape that never ended, shown rather than lost. */
  end(): Token[] {
    const rest = this.pending;
    this.pending = '';
    const tokens: Token[] = [];
    if (rest) this.text(tokens, rest.replace(CONTROL, symbol));
    return tokens;
  }

  private text(tokens: Token[], text: string) {
    tokens.push({ kind: 'text', text, style: this.style });
  }

  /** Handles the control at `at`; answers how many units it took, 0 when its end is not here yet. */
  private control(tokens: Token[], input: string, at: number): number {
    const char = input[at] ?? '';
    switch (char) {
      case '\n':
        tokens.push({ kind: 'newline' });
        return 1;
      case '\r':
        tokens.push({ kind: 'return' });
        return 1;
      case '\b':
        tokens.push({ kind: 'back' });
        return 1;
      case '\t':
        this.text(tokens, '\t');
        return 1;
      case BEL:
        return 1;
      case ESC:
        return this.escape(tokens, input.slice(at, at + MAX_PENDING));
      default:
        this.text(tokens, symbol(char));
        return 1;
    }
  }

  /** `rest` starts with the escape byte. */
  private escape(tokens: Token[], rest: string): number {
    const body = rest.slice(1);
    const full = CSI.exec(body);
    if (full) {
      const [all, params = '', final] = full;
      if (final === 'm') this.style = applySgr(this.style, params);
      if (final === 'K') tokens.push({ kind: 'erase', mode: Number(params || 0) });
      return 1 + all.length;
    }
    const unfinished = rest.length < MAX_PENDING;
    if (unfinished && (body === '' || CSI_OPEN.test(body))) return 0;
    if (STRING.test(body)) {
      const length = stringLength(rest);
      if (length > 0 || unfinished) return length;
    } else if (CHARSET.test(body)) {
      return 3;
    } else if (SINGLE.test(body)) {
      return 2;
    }
    this.text(tokens, symbol(ESC));
    return 1;
  }
}

/** Units of a title, a hyperlink and the like, with the bell or `ESC \` that ends it; 0 without. */
function stringLength(rest: string): number {
  const bell = rest.indexOf(BEL);
  const end = rest.indexOf(`${ESC}\\`);
  if (bell < 0 && end < 0) return 0;
  return bell >= 0 && (end < 0 || bell < end) ? bell + 1 : end + 2;
}

/** The picture of a control byte: U+2400… for C0 and DEL, the replacement character for C1. */
export function symbol(char: string): string {
  const code = char.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
