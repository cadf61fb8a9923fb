// Completes the modules that lessons bring. What there is to complete is known by stubs.ts; the words come
// in the language of the page.

import { spokenLanguage } from '../../../lib/i18n';
import { monaco } from './monaco';
import { completionsAt, type NameKind, type StubName } from './stubs';

const KINDS: Readonly<Record<NameKind, monaco.languages.CompletionItemKind>> = {
  module: monaco.languages.CompletionItemKind.Module,
  class: monaco.languages.CompletionItemKind.Class,
  function: monaco.languages.CompletionItemKind.Function,
  field: monaco.languages.CompletionItemKind.Field,
};

/** Registers it for all editors of the page. */
export function completeLessonModules(): void {
  monaco.languages.registerCompletionItemProvider('python', {
    triggerCharacters: ['.', ' '],
    provideCompletionItems(model, position) {
      const line = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
      const word = model.getWordUntilPosition(position);
      const range = new monaco.Range(
        position.lineNumber,
        word.startColumn,
        position.lineNumber,
        word.endColumn,
      );
      const found = completionsAt(model.getValue(), line);
      return { suggestions: found.map((name) => suggestion(name, range)) };
    },
  });
}

function suggestion(found: StubName, range: monaco.IRange): monaco.languages.CompletionItem {
  return {
    label: found.name,
    kind: KINDS[found.kind],
    insertText: found.name,
    detail: found.signature,
    documentation: found.words[spokenLanguage()],
    range,
  };
}
