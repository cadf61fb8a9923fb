// Blocks that come after others: what each brings along, also after the reader changed one.

import { render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { createPortal } from 'react-dom';
import { expect, test } from 'vitest';
import { type LessonCell, useCellPlaces } from './cells';

const html = `
  <pre data-run hidden data-name="setup"><code>x = 1</code></pre>
  <pre data-run data-editable data-name="more" data-after="setup"><code>y = x</code></pre>
  <pre data-run data-after="more"><code>print(y)</code></pre>
  <pre data-run><code>alone</code></pre>`;

function Page({ seen }: { seen: LessonCell[] }) {
  const root = useRef<HTMLDivElement>(null);
  const places = useCellPlaces(root, html, 1, true, 'change me');
  seen.splice(0, seen.length, ...places.map(({ cell }) => cell));
  return (
    <>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the test wrote it */}
      <div ref={root} dangerouslySetInnerHTML={{ __html: html }} />
      {places.map(({ host, key }) => createPortal('cell', host, key))}
    </>
  );
}

test('a block brings along what it comes after, in order, and hidden ones are not seen', async () => {
  const seen: LessonCell[] = [];
  const { container } = render(<Page seen={seen} />);
  // Their places are in the text at once, so that nothing moves when they are filled.
  expect(container.querySelectorAll('[data-cell]')).toHaveLength(3);
  expect(await screen.findAllByText('cell')).toHaveLength(3);
  expect(seen.map((cell) => cell.read())).toEqual(['y = x', 'print(y)', 'alone']);
  expect(seen.map((cell) => cell.before)).toEqual([['x = 1'], ['x = 1', 'y = x'], []]);
});

test('what the reader changes counts from then on', async () => {
  const seen: LessonCell[] = [];
  const { getByRole } = render(<Page seen={seen} />);
  await screen.findAllByText('cell');
  const box = getByRole('textbox', { name: 'change me' });
  expect(box.getAttribute('contenteditable')).toBe('plaintext-only');
  box.textContent = 'y = 2';
  expect(seen[0]?.read()).toBe('y = 2');
  expect(seen[1]?.before).toEqual(['x = 1', 'y = 2']);
});
