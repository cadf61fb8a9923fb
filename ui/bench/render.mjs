// Renders a chapter with what others would use, for `cargo xtask bench courses`: markdown-it with
// highlight.js, and react-markdown with GitHub's extensions as the replaced platform has it. Prints one
// JSON object, times in milliseconds. Neither sanitises, and neither draws the page.

import { readFileSync } from 'node:fs';
import highlight from 'highlight.js';
import MarkdownIt from 'markdown-it';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

const TURNS = 40;
const text = readFileSync(process.argv[2], 'utf8');

const markdownIt = new MarkdownIt({
  html: true,
  linkify: true,
  highlight: (code, language) =>
    highlight.getLanguage(language) ? highlight.highlight(code, { language }).value : '',
});

/** The median, the 95th of a hundred and the slowest of many turns. */
function times(work) {
  const taken = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const began = performance.now();
    work();
    taken.push(performance.now() - began);
  }
  taken.sort((a, b) => a - b);
  const at = (share) =>
    Math.round(taken[Math.min(TURNS - 1, Math.floor(TURNS * share))] * 100) / 100;
  return { median: at(0.5), p95: at(0.95), slowest: at(1) };
}

const page = () =>
  renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins: [remarkGfm] }, text));

process.stdout.write(
  `${JSON.stringify({
    chapter_bytes: Buffer.byteLength(text),
    node: process.version,
    markdown_it_highlight_ms: times(() => markdownIt.render(text)),
    react_markdown_ms: times(page),
  })}\n`,
);
