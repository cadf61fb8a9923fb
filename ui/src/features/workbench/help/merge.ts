// Where a piece of suggested code belongs in a file: a function or class of the same name takes the
// place of the old one, a small diff is applied, anything else goes behind the line of the cursor.

const HEAD = /^(\s*)(?:async\s+)?(?:def|class)\s+(\w+)/;

/** The file with the suggestion in it. `line` is that of the cursor, from 1. */
export function merged(text: string, code: string, line: number): string {
  const suggestion = code.replace(/\s+$/, '').split('\n');
  const lines = text.split('\n');
  const changed = isDiff(suggestion) ? patched(lines, suggestion) : replaced(lines, suggestion);
  return (changed ?? inserted(lines, suggestion, line)).join('\n');
}

/** Every line is marked `+` or `-`, or stands between such lines. */
function isDiff(lines: readonly string[]): boolean {
  const marked = lines.filter((line) => /^[+-](?![+-])/.test(line));
  return marked.length > 0 && lines.every((line) => /^[+\- @]|^$/.test(line));
}

/** Each run of `-` lines that is found gives way to the `+` lines behind it. */
function patched(lines: readonly string[], diff: readonly string[]): string[] | null {
  const old = diff.filter((line) => line.startsWith('-')).map((line) => line.slice(1).trim());
  const fresh = diff.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
  const at = lines.findIndex((_, from) =>
    old.every((line, offset) => lines[from + offset]?.trim() === line),
  );
  if (old.length === 0 || at === -1) return null;
  const [first = ''] = lines.slice(at);
  return [
    ...lines.slice(0, at),
    ...indented(fresh, indent(first)),
    ...lines.slice(at + old.length),
  ];
}

function replaced(lines: readonly string[], code: readonly string[]): string[] | null {
  const [, , name] = HEAD.exec(code.find((line) => line.trim() !== '') ?? '') ?? [];
  if (name === undefined) return null;
  const at = lines.findIndex((line) => HEAD.exec(line)?.[2] === name);
  if (at === -1) return null;
  const depth = indent(lines[at] ?? '').length;
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    if (line.trim() !== '' && indent(line).length <= depth) break;
    end += 1;
  }
  // Blank lines after a function belong to what follows it.
  while (end > at + 1 && (lines[end - 1] ?? '').trim() === '') end -= 1;
  return [...lines.slice(0, at), ...indented(code, indent(lines[at] ?? '')), ...lines.slice(end)];
}

function inserted(lines: readonly string[], code: readonly string[], line: number): string[] {
  const at = Math.min(Math.max(line, 0), lines.length);
  return [...lines.slice(0, at), ...code, ...lines.slice(at)];
}

function indent(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}

/** The lines with the first one at this depth. */
function indented(lines: readonly string[], to: string): string[] {
  const from = indent(lines.find((line) => line.trim() !== '') ?? '');
  return lines.map((line) => (line.startsWith(from) ? to + line.slice(from.length) : line));
}
