// The one file that imports Monaco: the editor, all its features, the languages of lessons, and its
// worker as a file of ours (the content security policy refuses any other). Its Chinese words are
// the one exception: they must be evaluated before this file, so `load.ts` brings them.

import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
// biome-ignore lint/style/noRestrictedImports: Monaco's own folder of this name, not ours
import 'monaco-editor/features/register.all';
// The completion list is missing from the feature registry of 0.57.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
import 'monaco-editor/languages/definitions/go/register';
import 'monaco-editor/languages/definitions/javascript/register';
import 'monaco-editor/languages/definitions/markdown/register';
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/yaml/register';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

export { monaco };
