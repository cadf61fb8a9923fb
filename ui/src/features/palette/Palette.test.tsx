// The palette finds by any part of a word, in either language, and is used without a mouse.

import { screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { seriousFindings } from '../../testing/axe';
import { renderPage } from '../../testing/render';
import { Palette, PaletteList } from './Palette';
import { type Entry, search } from './search';

const entry = (id: string, label: string, words = ''): Entry => ({
  id,
  kind: 'lesson',
  label,
  words,
  perform: () => undefined,
});

const ENTRIES = [
  entry('hello', '1.1 The first loop', '第一个循环 The first loop'),
  entry('tools', '1.2 Tools', '工具 Tools'),
  entry('run', 'Run the program', '运行程序 Run the program'),
];

test.each<[string, string[]]>([
  ['', ['hello', 'tools', 'run']],
  ['循环', ['hello']],
  ['环', ['hello']],
  ['TOOL', ['tools']],
  ['ＴＯＯＬ', ['tools']],
  ['1.', ['hello', 'tools']],
  ['program run', ['run']],
  ['r', ['run', 'hello']],
  ['xyz', []],
])('%j finds %j', (query, ids) => {
  expect(search(ENTRIES, query).map(({ id }) => id)).toEqual(ids);
});

function opened(entries: Entry[], onClose = () => {}) {
  return renderPage(
    <Palette open onClose={onClose}>
      <PaletteList entries={entries} onClose={onClose} />
    </Palette>,
  );
}

test('arrow keys choose, Enter performs after the palette closed', async () => {
  const done: string[] = [];
  const onClose = vi.fn(() => done.push('closed'));
  const entries = ENTRIES.map((e) => ({ ...e, perform: () => done.push(e.id) }));
  const { user } = opened(entries, onClose);
  const field = screen.getByRole('combobox');
  expect(field).toHaveFocus();
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowUp}');
  expect(screen.getByRole('option', { selected: true })).toHaveTextContent('Run the program');
  expect(await seriousFindings()).toEqual([]);
  await user.keyboard('{Enter}');
  await waitFor(() => expect(done).toEqual(['closed', 'run']));
});

test('it says when nothing is found', async () => {
  const { user } = opened(ENTRIES);
  await user.keyboard('xyz');
  expect(screen.getByText('Nothing found')).toBeInTheDocument();
  expect(screen.queryByRole('option')).not.toBeInTheDocument();
});
