// Compares what a check expected with what it got: a word-by-word diff, and a spelling of white
// space that can be seen. Pure. Nothing is shortened; a pair too large for a fine diff gets a
// coarse one (common start and end, everything between marked). What does not count for the verdict
// is not marked either.

import type { Ignored } from '../../../bindings/Ignored';

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

export function diffTexts(
  expected: string,
  got: string,
  ignored: readonly Ignored[] = [],
): TextDiff {
  if (ignored.includes('order')) return diffLines(expected, got, ignored);
  const left = counted(expected, ignored);
  const right = counted(got, ignored);
  const a = left.keys;
  const b = right.keys;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) {
    end += 1;
  }
  const middle = common(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const side = ({ all, places }: Counted, flags: readonly boolean[]) => {
    const different = new Set(places.filter((_, at) => flags[at - start] === false));
    return merged(all.map((text, place) => ({ text, same: !different.has(place) })));
  };
  return {
    expected: side(left, middle.a),
    got: side(right, middle.b),
    whitespaceOnly: expected !== got && squeezed(expected) === squeezed(got),
  };
}

/** Lines in any order: each is the same as one of the other side that nothing else is the same as. Of
 * the rest, the first is compared with the first, and so on. */
function diffLines(expected: string, got: string, ignored: readonly Ignored[]): TextDiff {
  const rest = ignored.filter((each) => each !== 'order');
  const a = expected.split('\n');
  const b = got.split('\n');
  const key = (line: string) => counted(line, rest).keys.join('\u0000');
  const unmet = new Map<string, number[]>();
  // From the end, so that the first one is the next to be taken.
  for (let at = b.length - 1; at >= 0; at -= 1) {
    const places = unmet.get(key(b[at] ?? '')) ?? [];
    places.push(at);
    unmet.set(key(b[at] ?? ''), places);
  }
  const counts = (line: string) => !ignored.includes('blanks') || line.trim() !== '';
  const inA = a.map((line) => unmet.get(key(line))?.pop() === undefined && counts(line));
  const left = new Set([...unmet.values()].flat());
  const inB = b.map((line, at) => left.has(at) && counts(line));
  const onlyA = a.filter((_, at) => inA[at]);
  const onlyB = b.filter((_, at) => inB[at]);
  const pairs = Array.from({ length: Math.max(onlyA.length, onlyB.length) }, (_, at) =>
    diffTexts(onlyA[at] ?? '', onlyB[at] ?? '', rest),
  );
  const side = (lines: readonly string[], flags: readonly boolean[], of: 'expected' | 'got') => {
    let met = 0;
    const parts = lines.flatMap((text, at): readonly Part[] => {
      const shown = flags[at] ? (pairs[met++]?.[of] ?? []) : [{ text, same: true }];
      // Of an empty line too many only its end can be marked.
      const same = !flags[at] || text !== '';
      return at === 0 ? shown : [{ text: '\n', same }, ...shown];
    });
    return merged(parts);
  };
  return {
    expected: side(a, inA, 'expected'),
    got: side(b, inB, 'got'),
    whitespaceOnly: pairs.length > 0 && pairs.every((pair) => pair.whitespaceOnly),
  };
}

interface Counted {
  all: readonly string[];
  /** Of the tokens that count. */
  places: readonly number[];
  /** What those are compared by. */
  keys: readonly string[];
}

/** The tokens of a text, and those of them that count. */
function counted(text: string, ignored: readonly Ignored[]): Counted {
  const all = tokens(text);
  const places = ignored.includes('blanks') ? withoutBlanks(all) : all.map((_, place) => place);
  const letters = (token: string) => (ignored.includes('case') ? token.toLowerCase() : token);
  return { all, places, keys: places.map((place) => letters(all[place] ?? '')) };
}

/** Where one word ends and another begins is told by the words; of blanks only a line end between two
 * lines counts. */
function withoutBlanks(all: readonly string[]): number[] {
  const places: number[] = [];
  let lineEnd: number | null = null;
  all.forEach((token, place) => {
    if (token.trim() !== '') {
      if (lineEnd !== null && places.length > 0) places.push(lineEnd);
      places.push(place);
      lineEnd = null;
    } else if (token === '\n') lineEnd ??= place;
  });
  return places;
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
