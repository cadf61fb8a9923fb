// The output so far: cut at code points, with the answers where they were given.

import { expect, it } from 'vitest';
import { SHOWN, Transcript } from './transcript';

function check(pieces: [stream: 'stdout' | 'stderr' | 'stdin', text: string][], said: string[]) {
  const transcript = new Transcript();
  for (const [stream, text] of pieces) transcript.append(stream, text);
  expect(said.map((_, printed) => transcript.upTo(printed).text())).toEqual(said);
}

it('grows with what was printed, on both streams', () => {
  check(
    [
      ['stdout', 'ab'],
      ['stderr', 'c'],
    ],
    ['', 'a\n', 'ab\n', 'abc\n', 'abc\n'],
  );
});

it('counts code points, as Python does', () => {
  check([['stdout', '你😀好']], ['', '你\n', '你😀\n', '你😀好\n']);
});

it('shows an answer with its question', () => {
  check(
    [
      ['stdout', 'n?'],
      ['stdin', '7'],
      ['stdout', 'x'],
    ],
    ['', 'n\n', 'n?7\n', 'n?7\nx\n'],
  );
});

it('shows an answer without a question once anything follows', () => {
  check(
    [
      ['stdin', '7'],
      ['stdout', 'x'],
    ],
    ['', '7\nx\n'],
  );
});

it('draws the end of a long output, from the start of a line', () => {
  const transcript = new Transcript();
  for (let n = 0; n < 4000; n += 1) transcript.append('stdout', `line ${n}\n`);
  const text = transcript.upTo(1_000_000).text();
  expect(text.length).toBeLessThanOrEqual(SHOWN);
  expect(text).toMatch(/^line \d+\n/);
  expect(text).toMatch(/line 3999\n$/);
});
