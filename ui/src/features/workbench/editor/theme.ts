// Monaco's two themes, made from the page's own colours so that they cannot drift apart, and
// made again when the page changes between light and dark.

import { monaco } from './monaco';

const NAME = 'page';

const TOKENS: readonly [token: string, variable: string][] = [
  ['', '--text'],
  ['keyword', '--hl-keyword'],
  ['string', '--hl-string'],
  ['string.escape', '--hl-string'],
  ['number', '--hl-number'],
  ['comment', '--hl-comment'],
  ['type', '--hl-type'],
  ['tag', '--hl-function'],
  ['function', '--hl-function'],
];

const COLOURS: Readonly<Record<string, string>> = {
  'editor.background': '--bg',
  'editor.foreground': '--text',
  'editorLineNumber.foreground': '--text-muted',
  'editorLineNumber.activeForeground': '--text',
  'editorCursor.foreground': '--accent',
  'editor.selectionBackground': '--accent-soft',
  'editor.inactiveSelectionBackground': '--bg-active',
  'editor.lineHighlightBackground': '--bg-sunken',
  'editor.lineHighlightBorder': '--bg-sunken',
  'editorIndentGuide.background1': '--line',
  'editorIndentGuide.activeBackground1': '--line-strong',
  'editorGutter.background': '--bg',
  'editorWidget.background': '--bg-raised',
  'editorWidget.foreground': '--text',
  'editorWidget.border': '--line',
  'editorHoverWidget.background': '--bg-raised',
  'editorHoverWidget.border': '--line',
  'editorSuggestWidget.background': '--bg-raised',
  'editorSuggestWidget.selectedBackground': '--accent-soft',
  'editorSuggestWidget.selectedForeground': '--text',
  'editorSuggestWidget.highlightForeground': '--accent',
  'editorSuggestWidget.focusHighlightForeground': '--accent',
  // Brackets by colour mean nothing to a beginner and take colours from what means something.
  'editorBracketHighlight.foreground1': '--text',
  'editorBracketHighlight.foreground2': '--text',
  'editorBracketHighlight.foreground3': '--text',
  'editorBracketHighlight.unexpectedBracket.foreground': '--bad',
  'editorBracketMatch.background': '--accent-soft',
  'editorBracketMatch.border': '--accent',
  'editorError.foreground': '--bad',
  'editorInfo.foreground': '--accent',
  'editorUnicodeHighlight.border': '--warn',
  'input.background': '--bg',
  'input.border': '--line-strong',
  'menu.background': '--bg-raised',
  'menu.foreground': '--text',
  'menu.selectionBackground': '--accent-soft',
  'menu.selectionForeground': '--text',
  'menu.separatorBackground': '--line',
  'list.hoverBackground': '--bg-hover',
  'list.focusBackground': '--accent-soft',
  'quickInput.background': '--bg-raised',
  'quickInputList.focusBackground': '--accent-soft',
  'quickInputList.focusForeground': '--text',
  'diffEditor.insertedTextBackground': '--ok-soft',
  'diffEditor.insertedLineBackground': '--ok-soft',
  'diffEditor.removedTextBackground': '--bad-soft',
  'diffEditor.removedLineBackground': '--bad-soft',
  'diffEditor.unchangedRegionBackground': '--bg-sunken',
  'diffEditor.border': '--line',
  focusBorder: '--accent',
  'scrollbar.shadow': '--line',
};

let following = false;

/** Makes the theme and keeps it in step with the page. All editors share it. */
export function followPageTheme(): string {
  if (!following) {
    following = true;
    define();
    const watch = new MutationObserver(define);
    watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  }
  return NAME;
}

function define(): void {
  const page = getComputedStyle(document.documentElement);
  const pen = document.createElement('canvas').getContext('2d');
  // Monaco takes only `#rrggbb`; a minified stylesheet says `#fff` or `red`, and a canvas says both
  // in full.
  const colour = (variable: string) => {
    const value = page.getPropertyValue(variable).trim();
    if (!pen) return value;
    pen.fillStyle = value;
    return String(pen.fillStyle);
  };
  const dark = page.colorScheme.includes('dark');
  const colours = Object.entries(COLOURS).map(([name, variable]) => [name, colour(variable)]);
  monaco.editor.defineTheme(NAME, {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: TOKENS.map(([token, variable]) => ({ token, foreground: colour(variable).slice(1) })),
    colors: Object.fromEntries(colours.filter(([, value]) => value?.startsWith('#'))),
  });
  monaco.editor.setTheme(NAME);
}
