// Blocks that run: what each brings along of those before it, also after the reader changed one, and
// one that is asked too early.

import { render, screen, waitFor } from '@testing-library/react';
import { useRef } from 'react';
import { createPortal } from 'react-dom';
import { expect, test, vi } from 'vitest';
import { type LessonCell, runAndNext, useCellPlaces } from './cells';

const html = `
  <pre data-run hidden data-name="setup"><code>x = 1</code></pre>
  <pre data-run data-editable data-name="more" data-after="setup"><code>y = x</code></pre>
  <pre data-run data-after="more"><code>print(y)</code></pre>
  <pre data-run><code>alone</code></pre>`;

function Page({ seen, onRun }: { seen: LessonCell[]; onRun?: (text: string) => void }) {
  const root = useRef<HTMLDivElement>(null);
  const places = useCellPlaces(root, html, 1, true, 'change me');
  seen.splice(0, seen.length, ...places.map(({ cell }) => cell));
  return (
    <>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the test wrote it */}
      <div ref={root} dangerouslySetInnerHTML={{ __html: html }} />
      {places.map(({ host, cell, key }) => {
        const run = (
          <button type="button" data-cell-run onClick={() => onRun?.(cell.read())}>
            cell
          </button>
        );
        return createPortal(run, host, key);
      })}
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

test('a block that is asked to run before it can does so when it can, once', async () => {
  const onRun = vi.fn();
  const { container } = render(<Page seen={[]} onRun={onRun} />);
  const [, first, second] = container.querySelectorAll('pre');
  expect(screen.queryByText('cell')).toBeNull();
  expect(runAndNext(container, first!)).toBe(true);
  await waitFor(() => expect(onRun.mock.calls).toEqual([['y = x']]));
  expect(runAndNext(container, second!)).toBe(true);
  expect(onRun.mock.calls).toEqual([['y = x'], ['print(y)']]);
});
