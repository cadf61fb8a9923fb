// Compares what a check expected with what it got: a word-by-word diff, and a spelling of white
// space that can be seen. Pure. Nothing is shortened; a pair too large for a fine diff gets a
// coarse one (common start and end, everything between marked).

export interface Part {
  readonly text: string;
  /** False where the two sides differ. */
  readonly same: boolean;
}

export interface TextDiff {
  readonly expected: readonly Part[];
  readonly got: readonly Part[];
  /** The sides differ only in spaces, tabs and line ends, which one cannot see. */
  readonly whitespaceOnly: boolean;
}

const TOKEN = /(?:(?!\p{Script=Han})[\p{L}\p{N}_])+|./gsu;
/** Cells of the comparison table: 4 million are about 16 MB and 20 ms. */
const MAX_CELLS = 4_000_000;

export function diffTexts(expected: string, got: string): TextDiff {
  const a = tokens(expected);
  const b = tokens(got);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) {
    end += 1;
  }
  const middle = common(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const side = (all: readonly string[], flags: readonly boolean[]) =>
    merged(all.map((text, at) => ({ text, same: flags[at - start] ?? true })));
  return {
    expected: side(a, middle.a),
    got: side(b, middle.b),
    whitespaceOnly: expected !== got && squeezed(expected) === squeezed(got),
  };
}

/** Spaces, tabs and line ends as marks; a line end keeps ending the line. */
export function visibleWhitespace(text: string): string {
  return text
    .replaceAll(' ', '·')
    .replaceAll('\t', '→\t')
    .replaceAll('\r', '␍')
    .replaceAll('\u00a0', '⍽')
    .replaceAll('\u3000', '□')
    .replaceAll('\n', '↵\n');
}

function squeezed(text: string): string {
  return text.replace(/\s+/gu, '');
}

/** Words, and one by one: Chinese characters, white space, everything else. */
function tokens(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** Which tokens belong to the longest common subsequence. */
function common(a: readonly string[], b: readonly string[]): { a: boolean[]; b: boolean[] } {
  const inA = a.map(() => false);
  const inB = b.map(() => false);
  if (a.length * b.length > MAX_CELLS) return { a: inA, b: inB };
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const cell = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i * width + j] =
        a[i] === b[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      inA[i] = true;
      inB[j] = true;
      i += 1;
      j += 1;
    } else if (cell(i + 1, j) >= cell(i, j + 1)) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return { a: inA, b: inB };
}

function merged(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last && last.same === part.same) {
      result[result.length - 1] = { text: last.text + part.text, same: part.same };
    } else {
      result.push(part);
    }
  }
  return result;
}
