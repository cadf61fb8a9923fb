// The one file that imports xterm.js: a screen that fits its place, in the page's own colours.
// Copy and paste are those of every other place; Ctrl+C without a selection interrupts.

import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import type { OpenScreen, Screen } from './screen';

const SCROLLBACK = 2000;
const VARIABLES: Readonly<
  Record<keyof Pick<ITheme, 'background' | 'foreground' | 'cursor'>, string>
> = {
  background: '--bg',
  foreground: '--text',
  cursor: '--accent',
};
// The first eight of ANSI's colours and the bright eight, readable on either background.
const LIGHT: ITheme = {
  black: '#24292f',
  red: '#a40e26',
  green: '#116329',
  yellow: '#6f4400',
  blue: '#0550ae',
  magenta: '#6639ba',
  cyan: '#0f5a66',
  white: '#57606a',
  brightBlack: '#57606a',
  brightRed: '#a40e26',
  brightGreen: '#116329',
  brightYellow: '#6f4400',
  brightBlue: '#0550ae',
  brightMagenta: '#6639ba',
  brightCyan: '#0f5a66',
  brightWhite: '#24292f',
};

export const openScreen: OpenScreen = (host, look, events): Screen => {
  const terminal = new Terminal({
    fontSize: look.fontSize,
    fontFamily: getComputedStyle(host).getPropertyValue('--font-code') || 'monospace',
    scrollback: SCROLLBACK,
    screenReaderMode: look.spoken,
    cursorBlink: false,
    theme: pageTheme(),
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(host);
  terminal.textarea?.setAttribute('aria-label', look.label);
  terminal.attachCustomKeyEventHandler((event) => takes(terminal, event));
  terminal.onData(events.typed);
  terminal.onResize(({ rows, cols }) => events.resized({ rows, columns: cols }));
  const fits = () => {
    // A place that is not shown has no size, and the shell keeps the one it had.
    if (host.clientWidth > 0 && host.clientHeight > 0) fit.fit();
  };
  fits();
  const sizes = new ResizeObserver(fits);
  sizes.observe(host);
  const themes = new MutationObserver(() => {
    terminal.options.theme = pageTheme();
  });
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return {
    get size() {
      return { rows: terminal.rows, columns: terminal.cols };
    },
    write: (text) => new Promise((done) => terminal.write(text, done)),
    focus: () => terminal.focus(),
    dispose() {
      sizes.disconnect();
      themes.disconnect();
      terminal.dispose();
    },
  };
};

/** Whether the shell gets a key. What is left to the page copies, pastes or leaves. */
function takes(terminal: Terminal, event: KeyboardEvent): boolean {
  const { key } = event;
  if (key === 'F6') return false;
  if (event.altKey || !(event.ctrlKey || event.metaKey)) return true;
  if (key === '`') return false;
  // The page's own paste fires an event that the screen hears.
  if (key === 'v' || key === 'V') return false;
  const copies = key === 'C' || (key === 'c' && terminal.hasSelection());
  if (!copies) return true;
  if (event.type === 'keydown') {
    void navigator.clipboard.writeText(terminal.getSelection()).then(
      () => terminal.clearSelection(),
      // Then the page's own copy, of what is selected, is what happens.
      () => document.execCommand('copy'),
    );
    event.preventDefault();
  }
  return false;
}

function pageTheme(): ITheme {
  const page = getComputedStyle(document.documentElement);
  const theme: ITheme = page.colorScheme.includes('dark') ? {} : { ...LIGHT };
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const value = page.getPropertyValue(variable).trim();
    if (value) Object.assign(theme, { [name]: value });
  }
  const selection = page.getPropertyValue('--accent-soft').trim();
  return selection ? { ...theme, selectionBackground: selection } : theme;
}
