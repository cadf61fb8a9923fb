// How Monaco is set up for lessons: what is on, what is off, and why.

import { completeLessonModules } from './completion';
import { monaco } from './monaco';
import type { EditorLook } from './port';

export function editorOptions(
  look: EditorLook,
): monaco.editor.IStandaloneEditorConstructionOptions {
  return {
    automaticLayout: true,
    ariaLabel: look.label,
    accessibilitySupport: look.accessibility,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-code'),
    fontLigatures: false,
    fontSize: look.fontSize,
    lineHeight: 1.6,
    tabSize: look.tabSize,
    insertSpaces: true,
    detectIndentation: false,
    wordWrap: look.wrap ? 'on' : 'off',
    wrappingIndent: 'indent',
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    overviewRulerLanes: 0,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    renderLineHighlight: 'line',
    renderLineHighlightOnlyWhenFocus: true,
    renderFinalNewline: 'on',
    padding: { top: 8, bottom: 8 },
    lineNumbersMinChars: 3,
    folding: true,
    showFoldingControls: 'mouseover',
    stickyScroll: { enabled: false },
    fixedOverflowWidgets: true,
    readOnlyMessage: { value: look.readOnlyMessage },
    // A full-width bracket or comma in code is a beginner's most invisible mistake; in texts and
    // comments it is plain Chinese.
    unicodeHighlight: {
      ambiguousCharacters: true,
      invisibleCharacters: true,
      includeComments: false,
      includeStrings: false,
      nonBasicASCII: false,
      allowedLocales: {},
    },
    // Words of the file as completions, taken with Tab: Enter always makes a new line.
    wordBasedSuggestions: 'currentDocument',
    quickSuggestions: { other: true, comments: false, strings: false },
    acceptSuggestionOnEnter: 'off',
    matchBrackets: 'always',
    links: false,
    'semanticHighlighting.enabled': false,
  };
}

const LANGUAGES: Readonly<Record<string, string>> = {
  py: 'python',
  md: 'markdown',
  js: 'javascript',
  mjs: 'javascript',
  go: 'go',
  json: 'javascript',
  yml: 'yaml',
  yaml: 'yaml',
};

export function languageOf(path: string): string {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return LANGUAGES[extension] ?? 'plaintext';
}

let prepared = false;

/** What is set once for all editors of the page. */
export function prepareMonaco(): void {
  if (prepared) return;
  prepared = true;
  releaseAppKeys();
  completeLessonModules();
  // Monaco measures its letters once; a font that comes later would leave the cursor beside them.
  document.fonts.addEventListener('loadingdone', () => monaco.editor.remeasureFonts());
}

/** Takes Monaco's hands off the keys that belong to the app (run, check, search, save, settings). */
function releaseAppKeys(): void {
  const { CtrlCmd, Shift } = monaco.KeyMod;
  const { Enter, KeyK, KeyS, KeyB, Comma, F6 } = monaco.KeyCode;
  monaco.editor.addKeybindingRules(
    [
      CtrlCmd | Enter,
      CtrlCmd | Shift | Enter,
      CtrlCmd | KeyK,
      CtrlCmd | KeyS,
      CtrlCmd | KeyB,
      CtrlCmd | Comma,
      F6,
    ].map((keybinding) => ({ keybinding, command: null })),
  );
}
