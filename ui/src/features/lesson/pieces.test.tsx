// A long text in pieces: where it is cut, what stands in the first frame, and who gets all of it at once.

import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { LessonHtml, type LessonHtmlProps } from './LessonHtml';
import { Pieces } from './pieces';

/** All pieces of so many lines. */
function cut(html: string, lines: number): string[] {
  const pieces = new Pieces(html);
  const taken: string[] = [];
  while (!pieces.isWhole) taken.push(pieces.take(lines));
  return taken;
}

test('a text is cut between its blocks, never in one', () => {
  expect(cut('<p>a<br>b</p>\n<hr>\n<ul><li>c<p>d</p></li></ul>\n', 1)).toEqual([
    '<p>a<br>b</p>',
    '\n<hr>',
    '\n<ul><li>c<p>d</p></li></ul>',
  ]);
});

test('brackets inside an attribute are no tags', () => {
  const block = '<pre data-name="</p><b>a>"><code>x</code></pre>';
  expect(cut(`${block}<p>y</p>`, 1)).toEqual([block, '<p>y</p>']);
});

test('a piece has as many blocks as fill its lines, and Chinese is twice as wide', () => {
  const filled = (text: string) => cut(`<p>${text}</p>`.repeat(12), 6).length;
  expect([filled(''), filled('a'.repeat(222)), filled('中'.repeat(222))]).toEqual([2, 6, 12]);
});

test('what does not end as it should is one last piece, and nothing is lost', () => {
  for (const html of ['<p>a</p><div><p>b</p>', '<p>a</p>words', 'words', '</p>a<p>b</p>']) {
    expect(cut(html, 1).join('')).toBe(html);
  }
  expect(cut('', 1)).toEqual([]);
});

test('whoever wants the rest gets all of it', () => {
  const pieces = new Pieces('<p>a</p><p>b</p><p>c</p>\n');
  expect([pieces.take(1), pieces.isWhole]).toEqual(['<p>a</p>', false]);
  expect([pieces.take(Number.POSITIVE_INFINITY), pieces.isWhole]).toEqual([
    '<p>b</p><p>c</p>\n',
    true,
  ]);
});

/** A heading, a link to the last block, and a hundred and twenty others, each with a block that runs. */
function book(word: string): string {
  const blocks = Array.from(
    { length: 120 },
    (_, at) => `<p id="h-${at}">${word} ${at}</p><pre data-run><code>${at}</code></pre>`,
  );
  return `<h2>${word}</h2><p><a href="#h-119">the last</a></p>${blocks.join('')}`;
}

function open(change: Partial<LessonHtmlProps> = {}) {
  const props: LessonHtmlProps = {
    html: book('block'),
    language: 'en',
    hasMath: false,
    hasDiagrams: false,
    theme: 'light',
    onLink: vi.fn(),
    cell: () => 'cell',
    ...change,
  };
  const page = render(<LessonHtml {...props} />);
  return { ...page, props };
}

/** A slow machine's moment. */
const SOON = { timeout: 5000 };
const last = () => screen.queryByText('block 119');
const cells = () => screen.queryAllByText('cell').length;

test('a long text begins with what fills the window and is whole a moment later', async () => {
  open();
  expect(screen.getByText('block 0')).toBeInTheDocument();
  expect(screen.queryByText('block 100')).not.toBeInTheDocument();
  await waitFor(() => expect(last()).toBeInTheDocument(), SOON);
  // Each block once, and each with what makes it run and what copies it.
  expect(screen.getAllByText('block 0')).toHaveLength(1);
  expect(screen.getAllByText(/^block \d+$/)).toHaveLength(120);
  await waitFor(() => expect(cells()).toBe(120), SOON);
  expect(screen.getAllByRole('button', { name: 'Copy' })).toHaveLength(120);
});

test('who comes for a place in it finds it at once', () => {
  open({ atOnce: true });
  expect(last()).toBeInTheDocument();
});

test('a link to a place that is not there yet leads to it', () => {
  const seen = vi.spyOn(Element.prototype, 'scrollIntoView').mockReturnValue();
  open();
  expect(last()).not.toBeInTheDocument();
  fireEvent.click(screen.getByText('the last'));
  expect(seen.mock.instances).toEqual([last()]);
});

test('a text that takes the place of another is there at once, and nothing of the other is left', async () => {
  const { rerender, props } = open();
  rerender(<LessonHtml {...props} html={book('other')} />);
  expect(screen.getAllByText(/^other \d+$/)).toHaveLength(120);
  expect(screen.queryByText(/^block/)).not.toBeInTheDocument();
  await waitFor(() => expect(cells()).toBe(120), SOON);
});

test('a text that is left while it comes ends there', async () => {
  const frame = vi.spyOn(window, 'requestAnimationFrame');
  const { unmount } = open();
  unmount();
  const asked = frame.mock.calls.length;
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  expect(frame.mock.calls.length).toBe(asked + 1);
});
