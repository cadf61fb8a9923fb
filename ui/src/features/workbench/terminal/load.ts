// Brings the screen's code into the page when the first terminal opens.

import type { OpenScreen } from './screen';

export async function loadScreen(): Promise<OpenScreen> {
  return (await import('./xterm')).openScreen;
}
