// Brings the editor's code into the page when the first lesson opens. Monaco reads its own words
// once, while it is evaluated: the Chinese ones must be there before.

import type { Language } from '../../../bindings/Language';
import type { EditorModule } from './port';

let loading: Promise<EditorModule> | undefined;

export function loadEditor(language: Language): Promise<EditorModule> {
  loading ??= fetchEditor(language).catch((failure: unknown) => {
    loading = undefined;
    throw failure;
  });
  return loading;
}

async function fetchEditor(language: Language): Promise<EditorModule> {
  // biome-ignore lint/style/noRestrictedImports: monaco.ts would evaluate Monaco before its words
  if (language === 'zh') await import('monaco-editor/nls/lang/zh-cn');
  return import('./core');
}
