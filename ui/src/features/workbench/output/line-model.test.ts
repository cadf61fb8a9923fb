// What a program may write, and what the learner then sees.

import { describe, expect, it } from 'vitest';
import { LineModel, lineText, type Stream } from './line-model';

function lines(...chunks: (string | [Stream, string])[]): string[] {
  const model = modelOf(...chunks);
  return Array.from({ length: model.count }, (_, at) => lineText(model.line(at)));
}

function modelOf(...chunks: (string | [Stream, string])[]): LineModel {
  const model = new LineModel();
  for (const chunk of chunks) {
    if (typeof chunk === 'string') model.append('stdout', chunk);
    else model.append(...chunk);
  }
  model.end();
  return model;
}

const check = (chunks: string[], expected: string[]) =>
  expect(lines(...chunks), JSON.stringify(chunks)).toEqual(expected);

describe('a gap', () => {
  it('is a line of its own, also in the middle of one, and is seen in the copy', () => {
    const model = modelOf('one\ntw');
    model.take({ type: 'leftOut', bytes: 4096 });
    model.take({ type: 'stdout', text: 'last\n' });
    const all = Array.from({ length: model.count }, (_, at) => model.line(at));
    expect(all.map(({ leftOut }) => leftOut)).toEqual([undefined, undefined, 4096, undefined]);
    expect(model.text()).toBe('one\ntw\n…\nlast\n');
  });
});

describe('lines', () => {
  it('end at line feeds, however the text is cut', () => {
    check([], []);
    check(['a'], ['a']);
    check(['a\n'], ['a']);
    check(['a\n\n', 'b'], ['a', '', 'b']);
    check(['he', 'llo\nwor', 'ld'], ['hello', 'world']);
    check(['a\r', '\nb'], ['a', 'b']);
  });

  it('are rewritten after a carriage return', () => {
    check(['10%\r20%'], ['20%']);
    check(['hello\rJ'], ['Jello']);
    check(['done: 100%\rok\u001b[K\n'], ['ok']);
    check(['ab\bc'], ['ac']);
    check(['\b\bx'], ['x']);
  });

  it('show control bytes instead of obeying them', () => {
    check(['a\u0000b'], ['a␀b']);
    check(['\u007f\u009b'], ['␡\ufffd']);
    check(['ding\u0007'], ['ding']);
    check(['\u001b[2J\u001b[10;10Hx'], ['x']);
    check(['\u001b]0;title\u0007x'], ['x']);
    check(['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\'], ['link']);
    check(['\u001b'], ['␛']);
    check([`\u001b]${'x'.repeat(5000)}`], [`␛]${'x'.repeat(5000)}`]);
  });

  it('keep tabs', () => check(['a\tb'], ['a\tb']));

  it('echo what the learner typed on its own line', () => {
    expect(lines('name? ', ['stdin', 'Ada'], '你好 Ada\n')).toEqual(['name? Ada', '你好 Ada']);
  });
});

describe('colours', () => {
  const spans = (...chunks: string[]) =>
    modelOf(...chunks)
      .line(0)
      .spans.map(({ text, style }) => [text, style.fg, style.bold]);

  it('survive an escape cut in two', () => {
    expect(spans('\u001b[3', '1mred\u001b[0m plain')).toEqual([
      ['red', 1, false],
      [' plain', null, false],
    ]);
  });

  it('know names, the palette and true colour', () => {
    expect(spans('\u001b[1;94ma\u001b[38;5;196mb\u001b[38;2;1;2;3mc\u001b[22;39md')).toEqual([
      ['a', 12, true],
      ['b', '#ff0000', true],
      ['c', '#010203', true],
      ['d', null, false],
    ]);
  });

  it('of one stream do not leak into the other', () => {
    const model = modelOf('\u001b[32mgreen ', ['stderr', 'oops']);
    expect(model.line(0).spans.map(({ stream, style }) => [stream, style.fg])).toEqual([
      ['stdout', 2],
      ['stderr', null],
    ]);
  });
});

describe('the model', () => {
  it('never changes a finished line', () => {
    const model = new LineModel();
    model.append('stdout', 'a\nb');
    const [first, second] = [model.line(0), model.line(1)];
    model.append('stdout', 'c\n');
    expect(model.line(0)).toBe(first);
    expect(lineText(second)).toBe('b');
    expect(lineText(model.line(1))).toBe('bc');
  });

  it('gives the whole text without colours', () => {
    expect(modelOf('\u001b[31mred\u001b[0m\nend').text()).toBe('red\nend\n');
  });
});
