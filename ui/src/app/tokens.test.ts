// Every text colour must be readable on every background it may stand on, in both themes.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync('src/app/tokens.css', 'utf8');

function theme(name: string): Record<string, string> {
  const block = css.split(`[data-theme="${name}"] {`)[1]?.split('\n}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#\w{6});/g)].map(([, k, v]) => [k, v]),
  );
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const TEXTS = ['text', 'text-muted', 'accent', 'ok', 'warn', 'bad'];
const GROUNDS = ['bg', 'bg-sunken', 'bg-raised', 'bg-hover', 'bg-active'];
const PAIRS: [string, string][] = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground): [string, string] => [text, ground])),
  ...['accent', 'ok', 'warn', 'bad'].flatMap((tone): [string, string][] => [
    [tone, `${tone}-soft`],
    ['text', `${tone}-soft`],
    ['text-muted', `${tone}-soft`],
  ]),
  ...['keyword', 'string', 'number', 'comment', 'function', 'type'].map(
    (part): [string, string] => [`hl-${part}`, 'bg-sunken'],
  ),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
];

test.each(['light', 'dark'])('%s: text reaches 4.5:1 wherever it may stand', (name) => {
  const colours = theme(name);
  const weak = PAIRS.map(([text, ground]) => {
    const ratio = contrast(colours[text] ?? '#000000', colours[ground] ?? '#000000');
    return { pair: `${text} on ${ground}`, ratio };
  }).filter(({ ratio }) => ratio < 4.5);
  expect(weak).toEqual([]);
});
