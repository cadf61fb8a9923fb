// Code that is handed on as Markdown stays code, whatever backticks it holds.

import { expect, test } from 'vitest';
import { asMarkdown } from './use-workbench';

test.each([
  ['main.py', 'x = 1\n', '```python\nx = 1\n```'],
  ['note.txt', 'hi', '```\nhi\n```'],
  ['main.py', "x = '''```'''", "````python\nx = '''```'''\n````"],
])('%s becomes one block', (path, text, block) => {
  expect(asMarkdown('1.1 Loop', [{ path, text }])).toBe(`## 1.1 Loop\n\n\`${path}\`\n\n${block}\n`);
});
