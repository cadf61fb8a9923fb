// The words: both languages have the same keys, with the same holes, and every key is said somewhere.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { htmlLanguage, say, speak, spokenLanguage } from './i18n';

const LOCALES = 'src/locales';
const AREAS = readdirSync(`${LOCALES}/en`).map((file) => file.replace('.json', ''));

function leaves(node: unknown, path: string[] = []): [string, string][] {
  if (typeof node === 'string') return [[path.join('.'), node]];
  return Object.entries(node as object).flatMap(([key, child]) => leaves(child, [...path, key]));
}

function words(language: string, area: string): Map<string, string> {
  const file = readFileSync(`${LOCALES}/${language}/${area}.json`, 'utf8');
  return new Map(leaves(JSON.parse(file)));
}

/** Plurals are one key: Chinese has one form, English two. */
const base = (key: string) => key.replace(/_(one|other)$/, '');
const bases = (area: string, language: string) => [
  ...new Set([...words(language, area).keys()].map(base)),
];
const holes = (text: string) =>
  new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name));

test('both languages have an area for each file', () => {
  expect(readdirSync(`${LOCALES}/zh`).sort()).toEqual(readdirSync(`${LOCALES}/en`).sort());
});

test.each(AREAS)('%s: both languages have the same keys', (area) => {
  expect(bases(area, 'zh').sort()).toEqual(bases(area, 'en').sort());
});

test.each(AREAS)('%s: a plural has every form its language needs', (area) => {
  for (const [language, forms] of [
    ['en', ['one', 'other']],
    ['zh', ['other']],
  ] as const) {
    const keys = [...words(language, area).keys()];
    const plural = new Set(keys.filter((key) => base(key) !== key).map(base));
    const wanted = [...plural].flatMap((key) => forms.map((form) => `${key}_${form}`));
    expect(keys.filter((key) => base(key) !== key).sort()).toEqual(wanted.sort());
  }
});

test.each(AREAS)('%s: no words are empty, and both languages fill the same holes', (area) => {
  const zh = words('zh', area);
  for (const [key, text] of words('en', area)) {
    const other = zh.get(key) ?? zh.get(`${base(key)}_other`) ?? '';
    expect(text.trim(), key).not.toBe('');
    expect(other.trim(), key).not.toBe('');
    expect(holes(other), key).toEqual(holes(text));
  }
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['bindings', 'locales', 'testing'].includes(entry.name) ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name) ? [path] : [];
  });
}

/** Which keys a file says, as patterns: `codes.${code}.title` stands for every code. */
function saidIn(source: string): RegExp[] {
  const literals = [...source.matchAll(/'([\w:.-]+)'|"([\w:.-]+)"|`([^`\n]+)`/g)];
  return literals
    .map(([, single, double, template]) => single ?? double ?? template ?? '')
    .filter((text) => /^[\w:.${}( )?'-]+$/.test(text))
    .map((text) =>
      text
        .split(/\$\{[^}]*\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('[\\w-]+'),
    )
    .filter((pattern) => pattern !== '[\\w-]+')
    .map((pattern) => new RegExp(`^${pattern}$`));
}

test('every key is said somewhere', () => {
  const files = sources('src').map((path) => readFileSync(path, 'utf8'));
  const unused = AREAS.flatMap((area) => {
    // A file says an area's keys when it names the area: useTranslation('home') or 'home:title'.
    const near = files.filter((source) => new RegExp(`['"\`]${area}[':"]`).test(source));
    const patterns = near.flatMap(saidIn);
    const said = (key: string) => patterns.some((p) => p.test(key) || p.test(`${area}:${key}`));
    return bases(area, 'en')
      .filter((key) => !said(key))
      .map((key) => `${area}:${key}`);
  });
  expect(unused).toEqual([]);
});

test('a key can be said in either language, whatever the window speaks', () => {
  speak('en');
  expect(say('common:cancel', 'zh')).toBe('取消');
  expect(say('common:cancel', 'en')).toBe('Cancel');
});

test('the page says its language, for fonts and screen readers', () => {
  speak('zh');
  expect(spokenLanguage()).toBe('zh');
  expect(document.documentElement.lang).toBe('zh-CN');
  expect(htmlLanguage('en')).toBe('en');
});
