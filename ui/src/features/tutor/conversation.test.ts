// The conversation by tables of events: what is shown, what is dropped, which branch is open.

import { expect, test } from 'vitest';
import { lookedUp, message, thread } from '../../testing/fake-tutor';
import {
  asked,
  branch,
  EMPTY,
  leafBelow,
  opened,
  settled,
  settledParts,
  siblings,
  step,
} from './conversation';

const started = {
  type: 'started' as const,
  thread: thread(),
  question: message({ id: 'q', mine: true, text: 'why' }),
  answer: message({ id: 'a', parent: 'q', state: 'streaming' }),
};

const text = (sealed: string, growing: string) => ({
  type: 'text' as const,
  sealed,
  growing,
  hasMath: false,
});

function streamed() {
  const events = [started, text('', '<p>one</p>'), text('<p>one</p>', '<p>two</p>')];
  return events.reduce((state, event) => step(state, 'ask', event), asked(EMPTY, 'ask'));
}

test('blocks that are final stay, the last one grows', () => {
  const { streaming, leaf } = streamed();
  expect(streaming?.sealed).toEqual([{ html: '<p>one</p>' }]);
  expect(streaming?.growing).toBe('<p>two</p>');
  expect(leaf).toBe('a');
});

test('what was drawn is kept at the end, up to where the whole reads otherwise', () => {
  const check = (html: string, blocks: string[], expected: string[]) =>
    expect(settled(html, blocks)).toEqual(expected);
  check('abc', ['a', 'b', 'c'], ['a', 'b', 'c']);
  check('abc', ['a', 'b', ''], ['a', 'b', 'c']);
  check('aXc', ['a', 'b', 'c'], ['a', 'Xc']);
  check('a', ['a', 'b'], ['a']);
  check('', [], []);
  const answer = message({ id: 'a', parent: 'q', html: '<p>one</p><p>two</p>' });
  const end = step(streamed(), 'ask', { type: 'failed', error: fault(), answer });
  expect(end.drawn.get('a')).toEqual([{ html: '<p>one</p>' }, { html: '<p>two</p>' }]);
});

test('what is looked up stands between the words, and becomes what it found in its place', () => {
  const running = lookedUp({ state: 'running', places: [] });
  const events = [
    text('<p>two</p>', ''),
    { type: 'tool' as const, tool: running },
    { type: 'tool' as const, tool: lookedUp() },
    text('', '<p>three</p>'),
  ];
  const { streaming } = events.reduce((state, event) => step(state, 'ask', event), streamed());
  const tool = { tool: lookedUp() };
  expect(streaming?.sealed).toEqual([{ html: '<p>one</p>' }, { html: '<p>two</p>' }, tool]);
  expect(streaming?.growing).toBe('<p>three</p>');
});

test('at the end each piece of words keeps what is drawn of it', () => {
  const part = (html: string) => ({ type: 'text' as const, html });
  const tool = { type: 'tool' as const, tool: lookedUp() };
  const pieces = [{ html: 'a' }, { html: 'b' }, { tool: lookedUp() }, { html: 'c' }];
  const thought = { type: 'thinking' as const, text: 'hm' };
  expect(settledParts([thought, part('ab'), tool, part('cd')], pieces)).toEqual([
    { html: 'a' },
    { html: 'b' },
    { tool: lookedUp() },
    { html: 'c' },
    { html: 'd' },
  ]);
  expect(settledParts([tool, part('other')], pieces)).toEqual([
    { tool: lookedUp() },
    { html: 'other' },
  ]);
  expect(settledParts([part('x'), tool], [])).toEqual([{ html: 'x' }, { tool: lookedUp() }]);
});

test('an event of another question, or after the end, changes nothing', () => {
  const state = streamed();
  expect(step(state, 'other', text('x', 'y'))).toBe(state);
  const answer = message({ id: 'a', parent: 'q', text: 'one two' });
  const end = step(state, 'ask', { type: 'failed', error: fault(), answer });
  expect(end.streaming).toBeNull();
  expect(end.messages.at(-1)?.text).toBe('one two');
  expect(step(end, 'ask', text('x', 'y'))).toBe(end);
});

test('what was taken back is gone from the screen', () => {
  const { streaming } = step(streamed(), 'ask', { type: 'withheld' });
  expect(streaming).toMatchObject({ sealed: [], growing: '', withheld: true });
});

test('branches: the way to the leaf, what stands beside, and the newest below', () => {
  const messages = [
    message({ id: 'q', mine: true }),
    message({ id: 'a1', parent: 'q' }),
    message({ id: 'a2', parent: 'q' }),
    message({ id: 'q2', parent: 'a1', mine: true }),
    message({ id: 'a3', parent: 'q2' }),
  ];
  const state = opened({ thread: { ...thread(), leaf: 'a2' }, messages });
  expect(branch(state).map(({ id }) => id)).toEqual(['q', 'a2']);
  expect(siblings(messages, message({ id: 'a2', parent: 'q' })).map(({ id }) => id)).toEqual([
    'a1',
    'a2',
  ]);
  expect(leafBelow(messages, 'a1')).toBe('a3');
});

function fault() {
  return { code: 'ai_cut' as const, message: '', requestId: '' };
}
