// What an SGR escape (`ESC [ … m`) does to the way the following text looks.
// Pure; leaves out blinking, fonts and everything a reader of a lesson does not need.

/** A palette colour 0–15, or a fixed colour as `#rrggbb`. */
export type Colour = number | `#${string}`;

export interface Style {
  readonly fg: Colour | null;
  readonly bg: Colour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export const PLAIN: Style = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

const SIMPLE: Readonly<Record<number, Partial<Style>>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null },
};

/** The style after the escape with these parameters; unknown parameters change nothing. */
export function applySgr(style: Style, params: string): Style {
  const codes = params === '' ? [0] : params.split(/[;:]/).map((part) => Number(part || 0));
  let next = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { colour, used } = extendedColour(codes.slice(at + 1));
      if (colour !== null) next = { ...next, [code === 38 ? 'fg' : 'bg']: colour };
      at += used;
    } else if (code === 0) {
      next = PLAIN;
    } else {
      next = { ...next, ...(SIMPLE[code] ?? paletteColour(code)) };
    }
  }
  return same(next, PLAIN) ? PLAIN : next;
}

function paletteColour(code: number): Partial<Style> {
  if (code >= 30 && code <= 37) return { fg: code - 30 };
  if (code >= 90 && code <= 97) return { fg: code - 90 + 8 };
  if (code >= 40 && code <= 47) return { bg: code - 40 };
  if (code >= 100 && code <= 107) return { bg: code - 100 + 8 };
  return {};
}

function extendedColour(rest: readonly number[]): { colour: Colour | null; used: number } {
  if (rest[0] === 5) return { colour: indexed(rest[1] ?? 0), used: 2 };
  if (rest[0] === 2) {
    const [r = 0, g = 0, b = 0] = rest.slice(1, 4);
    return { colour: hex(r, g, b), used: 4 };
  }
  return { colour: null, used: rest.length };
}

/** The xterm palette: 16 named colours, a 6×6×6 cube, 24 greys. */
function indexed(index: number): Colour {
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return hex(grey, grey, grey);
  }
  const cube = index - 16;
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  return hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function hex(...channels: number[]): `#${string}` {
  const digits = channels.map((channel) =>
    Math.max(0, Math.min(255, channel)).toString(16).padStart(2, '0'),
  );
  return `#${digits.join('')}`;
}

export function same(a: Style, b: Style): boolean {
  return (Object.keys(PLAIN) as (keyof Style)[]).every((key) => a[key] === b[key]);
}
