// The formula renderer and its fonts: a chunk of its own, loaded by lessons that have formulas.

import katex from 'katex';
import 'katex/dist/katex.min.css';

/** Renders into the element; what is not TeX stays readable, in the colour of an error. */
export function drawMath(tex: string, into: HTMLElement, display: boolean): void {
  katex.render(tex, into, { displayMode: display, throwOnError: false, strict: 'ignore' });
}
