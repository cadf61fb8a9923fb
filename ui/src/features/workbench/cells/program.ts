// A block of a lesson as files that run: its own text, and in front of it the blocks it comes after.

import type { FileText } from '../../../bindings/FileText';

export interface Block {
  /** Its text as it is now. */
  readonly read: () => string;
  /** The text of the blocks it comes after; empty when it stands for itself. */
  readonly before: string;
}

// What the earlier blocks print was seen under them already. Every name goes over, also those that
// begin with an underscore.
const QUIET = 'import io as _io, sys as _sys; _out, _sys.stdout = _sys.stdout, _io.StringIO()\n';
const LOUD = "\n_sys.stdout = _out\n__all__ = [n for n in globals() if not n.startswith('__')]\n";
const IMPORT = 'from before import *';
/** Lines that nothing may stand in front of. */
const COMPOUND = /^(?:@|(?:async|class|def|for|if|match|try|while|with)\b|from __future__\b)/;

/** The files of a block. A line keeps its number where Python lets it. */
export function programOf(block: Block): FileText[] {
  const source = block.read();
  if (block.before === '') return [{ path: 'main.py', text: source }];
  const text = `${IMPORT}${COMPOUND.test(source) ? '\n' : '; '}${source}`;
  return [
    { path: 'main.py', text },
    { path: 'before.py', text: `${QUIET}${block.before}${LOUD}` },
  ];
}
