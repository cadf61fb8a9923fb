// Formulas whose renderer does not come: what the author wrote is there to be read.

import { render, waitFor } from '@testing-library/react';
import { useRef } from 'react';
import { expect, test, vi } from 'vitest';
import { useFormulas } from './formulas';

vi.mock('./math', () => {
  throw new Error('this part of the page is gone');
});

function Text() {
  const root = useRef<HTMLDivElement>(null);
  useFormulas(root, 'a', 1, true);
  return (
    <div ref={root}>
      <span className="math">a^2</span> <span className="math">b</span>
    </div>
  );
}

test('without the renderer TeX is shown', async () => {
  const { container } = render(<Text />);
  await waitFor(() => expect(container.querySelectorAll('[data-drawn]')).toHaveLength(2));
  expect(container).toHaveTextContent('a^2 b');
});
