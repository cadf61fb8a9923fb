// The tutor's pane as a learner meets it: without a key, asking, streaming, stopping, branches,
// conversations, and a service that is broken.

import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { seriousFindings } from '../../testing/axe';
import { COURSE } from '../../testing/fake-course';
import { createFakePlatform, type FakeOptions } from '../../testing/fake-platform';
import { AI, lookedUp, message, thread } from '../../testing/fake-tutor';
import { renderPage } from '../../testing/render';
import { TutorPane, type TutorWish } from './TutorPane';

const LESSON = { course: COURSE, lesson: 'hello' };

function open(options: FakeOptions = {}, wish: TutorWish | null = null, entry = 'main.py') {
  const on = {
    settings: vi.fn(),
    anchor: vi.fn(),
    lesson: vi.fn(),
    insert: vi.fn(),
    compare: vi.fn(),
    wished: vi.fn(),
    elsewhere: vi.fn(),
  };
  const platform = createFakePlatform({ ai: AI, ...options });
  const page = renderPage(
    <TutorPane
      lesson={LESSON}
      language="en"
      surrounding={() => ({
        lesson: LESSON,
        language: 'en',
        heading: 'h-task',
        files: [{ path: 'main.py', text: 'x = 1\n' }],
        cursor: { path: 'main.py', line: 1 },
      })}
      prose={(html) => (
        // biome-ignore lint/security/noDangerouslySetInnerHtml: the test wrote it
        <div dangerouslySetInnerHTML={{ __html: html }} />
      )}
      hints={<p>the lesson's hints</p>}
      wish={wish}
      onWished={on.wished}
      keyField={<p>the field of the key</p>}
      onElsewhere={on.elsewhere}
      onSettings={on.settings}
      onAnchor={on.anchor}
      onLesson={on.lesson}
      onInsert={on.insert}
      onDiff={on.compare}
      entry={entry}
    />,
    platform,
  );
  return { ...page, platform, on };
}

async function ask(page: ReturnType<typeof open>, words: string) {
  await page.user.type(await screen.findByRole('textbox', { name: 'Your question' }), words);
  await page.user.keyboard('{Enter}');
  const asked = page.platform.asks.at(-1);
  if (!asked) throw new Error('nothing was asked');
  return asked;
}

const text = (sealed: string, growing: string) => ({
  type: 'text' as const,
  sealed,
  growing,
  hasMath: false,
});

test('without a key it says how to get one, and the hints are there', async () => {
  const { user, on } = open({ ai: undefined });
  expect(await screen.findByText('The tutor needs a key of yours')).toBeVisible();
  expect(screen.getByText("the lesson's hints")).toBeVisible();
  expect(screen.queryByRole('textbox', { name: 'Your question' })).toBeNull();
  expect(screen.getByText('the field of the key')).toBeVisible();
  await user.click(
    screen.getByRole('button', { name: 'Another service, or a model on this machine' }),
  );
  expect(on.settings).toHaveBeenCalled();
  expect(await seriousFindings()).toEqual([]);
});

test('an answer grows block by block and ends with its rung and its price', async () => {
  const page = open();
  const asked = await ask(page, 'why?');
  expect(asked.ask).toMatchObject({ kind: 'question', text: 'why?', thread: null, again: false });
  act(() => {
    asked.start();
    asked.emit({ type: 'thinking', text: 'hmm' }, text('<p>First.</p>', '<p>Sec</p>'));
  });
  const log = screen.getByRole('log', { name: 'Conversation' });
  expect(log).toHaveTextContent('First.');
  expect(log).toHaveTextContent('Sec');
  expect(screen.getByText('What the model thought')).toBeVisible();
  act(() => asked.emit(text('', '<p>Second.</p>')));
  expect(log).not.toHaveTextContent('Sec ');
  act(() =>
    asked.finish({
      text: 'First. Second.',
      rung: 'concept',
      model: 'deepseek-flash',
      cost: { input: 900, cached: 0, output: 100, money: { currency: 'CNY', value: 0.0021 } },
      chips: [{ kind: 'code', detail: 'main.py', tokens: 3 }],
    }),
  );
  expect(screen.getByText('Help: the concept (2 of 6)')).toBeVisible();
  expect(screen.getByText('1,000 tokens · ¥0.0021')).toBeVisible();
  expect(screen.getByText('Was given: Code')).toBeVisible();
  expect(screen.getByTestId('announcer')).toHaveTextContent('Tutor: First. Second.');
  expect(await seriousFindings()).toEqual([]);
});

test('at its end an answer keeps what is drawn, and only its beginning is said aloud', async () => {
  const page = open();
  const asked = await ask(page, 'why?');
  const long = `<p>${'many words '.repeat(300)}</p>`;
  act(() => {
    asked.start();
    asked.emit(text('<p>First.</p>', long));
    asked.emit(text(long, '<p>Last.</p>'));
  });
  const drawn = [screen.getByText('First.'), screen.getByText(/many words/)];
  act(() => asked.finish({ html: `<p>First.</p>${long}<p>Last.</p>` }));
  expect([screen.getByText('First.'), screen.getByText(/many words/, { selector: 'p' })]).toEqual(
    drawn,
  );
  for (const element of drawn) expect(element).toBeInTheDocument();
  expect(screen.getByText('Last.')).toBeVisible();
  const said = screen.getByTestId('announcer').textContent ?? '';
  expect(said).toMatch(/^Tutor: First\..* …$/);
  expect(said.length).toBeLessThan(1300);
});

test('what it looked up is a folded line among the words, and its places open', async () => {
  const page = open();
  const asked = await ask(page, 'what is a closure?');
  const running = lookedUp({ state: 'running', places: [] });
  act(() => {
    asked.start();
    asked.emit(text('<p>Let me look.</p>', ''), { type: 'tool', tool: running });
  });
  expect(screen.getByText('Looking in the lessons for “closure”')).toBeVisible();
  act(() => asked.emit({ type: 'tool', tool: lookedUp() }));
  const words = 'Looked in the lessons for “closure” · 2 places';
  const line = screen.getByText(words, { selector: 'summary' });
  expect(screen.getByTestId('announcer')).toHaveTextContent(words);
  expect(screen.getByRole('img', { name: 'Waiting for the first word' })).toBeVisible();
  act(() => {
    asked.emit(text('', '<p>Here.</p>'));
    asked.finish({
      text: 'Let me look.',
      parts: [
        { type: 'text', html: '<p>Let me look.</p>' },
        { type: 'tool', tool: lookedUp() },
        { type: 'text', html: '<p>Here.</p>' },
      ],
    });
  });
  const log = screen.getByRole('log');
  expect(log).toHaveTextContent(/Let me look\..*2 places.*Here\./);
  expect(screen.getByText('Tools › Scores')).not.toBeVisible();
  await page.user.click(line);
  await page.user.click(screen.getByRole('button', { name: 'Tools › Scores' }));
  expect(page.on.lesson).toHaveBeenCalledWith({ course: COURSE, lesson: 'tools' }, 'h-scores');
  await page.user.click(screen.getByRole('button', { name: 'Hello' }));
  expect(page.on.lesson).toHaveBeenLastCalledWith({ course: COURSE, lesson: 'hello' }, null);
  expect(await seriousFindings()).toEqual([]);
});

test('each end of a tool has its words', async () => {
  const line = (change: Parameters<typeof lookedUp>[0], id: number) => ({
    type: 'tool' as const,
    tool: lookedUp({ places: [], ...change, id }),
  });
  const [place] = lookedUp().places;
  const parts = [
    line({}, 1),
    line({ kind: 'readLesson', places: place ? [place] : [] }, 2),
    line({ kind: 'readLesson', state: 'running' }, 3),
    line({ kind: 'readLesson', state: 'refused', asked: 'x' }, 4),
    line({ state: 'refused', asked: '' }, 5),
    line({ kind: 'unknown', state: 'refused', asked: '' }, 6),
    line({ state: 'failed' }, 7),
    line({ state: 'interrupted' }, 8),
  ];
  const messages = [
    message({ id: 'q', mine: true, text: 'why' }),
    message({ id: 'a', parent: 'q', state: 'lost', parts }),
  ];
  open({ conversations: [{ thread: thread({ leaf: 'a' }), messages }] });
  for (const words of [
    'Looked in the lessons for “closure” · nothing found',
    'Read “Tools › Scores”',
    'Reading in the lessons',
    'Wanted to read a lesson that it cannot see',
    'Wanted to look something up, and did not say what',
    'Wanted a tool that does not exist',
    'Could not look it up',
    'Stopped while looking it up',
  ]) {
    expect(await screen.findByText(words)).toBeVisible();
  }
});

test('stop, and what came stays', async () => {
  const page = open();
  const asked = await ask(page, 'why?');
  act(() => {
    asked.start();
    asked.emit(text('', '<p>Half</p>'));
  });
  await page.user.click(screen.getByRole('button', { name: 'Stop' }));
  expect(asked.stopped).toBe(true);
  act(() => asked.finish({ text: 'Half', state: 'stopped' }));
  expect(screen.getByText('Half')).toBeVisible();
  expect(screen.getByText('Stopped by you')).toBeVisible();
});

test('an answer that gave too much away leaves the screen', async () => {
  const page = open();
  const asked = await ask(page, 'tell me');
  act(() => {
    asked.start();
    asked.emit(text('<p>the solution</p>', ''), { type: 'withheld' });
  });
  expect(screen.queryByText('the solution')).toBeNull();
  expect(screen.getByRole('log')).toHaveTextContent('That answer gave too much away.');
});

test('a broken service is one sentence, and the question can be asked again', async () => {
  const page = open();
  const asked = await ask(page, 'why?');
  act(() => {
    asked.start();
    asked.emit({
      type: 'failed',
      error: { code: 'ai_overloaded', message: '503', requestId: 'r' },
      answer: message({ id: 'a1', parent: 'q1', state: 'failed', error: 'ai_overloaded' }),
    });
  });
  expect(await screen.findByRole('alert')).toHaveTextContent('The service is overloaded (503)');
  expect(screen.getByText("the lesson's hints")).toBeVisible();
  await page.user.click(screen.getByRole('button', { name: 'Ask again' }));
  expect(page.platform.asks[1]?.ask).toMatchObject({ again: true, after: 'q1' });
});

test('an answer that once failed still says why', async () => {
  const { messages, ...kept } = stored();
  const failed = message({ id: 'a3', parent: 'q', state: 'failed', error: 'ai_no_balance' });
  open({
    conversations: [{ ...kept, thread: thread({ leaf: 'a3' }), messages: [...messages, failed] }],
  });
  expect(await screen.findByText('The account has no money left (402)')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Copy the answer' })).toBeNull();
});

test('a question that was refused before it went out is an error too', async () => {
  const page = open();
  page.platform.failNext('tutorAsk', 'ai_cap_reached');
  await page.user.type(await screen.findByRole('textbox', { name: 'Your question' }), 'x{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent("This month's cap is reached");
  expect(screen.getByRole('textbox', { name: 'Your question' })).toHaveValue('x');
});

test('what goes along can be taken out', async () => {
  const chips = [
    { kind: 'section' as const, detail: 'Your task', tokens: 20 },
    { kind: 'code' as const, detail: 'main.py', tokens: 5 },
  ];
  const page = open({ chips });
  const code = await screen.findByRole('button', { name: /^Code goes along: main.py/ });
  await page.user.click(code);
  const asked = await ask(page, 'why?');
  expect(asked.ask.without).toEqual(['code']);
  expect(screen.getByRole('button', { name: /^Code is left out/ })).toBeVisible();
});

const CODE =
  '<div data-code=""><pre class="code" data-language="python"><code>x = 2</code></pre></div><p><a href="#h-ma1-task">the task</a></p>';

test('code goes into the editor or beside it, and a heading leads to the lesson', async () => {
  const page = open();
  const asked = await ask(page, 'how?');
  act(() => {
    asked.start();
    asked.finish({ text: 'x = 2', html: CODE });
  });
  await page.user.click(screen.getByRole('button', { name: 'Insert' }));
  expect(page.on.insert).toHaveBeenCalledWith('x = 2');
  await page.user.click(screen.getByRole('button', { name: 'Compare with mine' }));
  expect(page.on.compare).toHaveBeenCalledWith('x = 2');
  await page.user.click(screen.getByText('the task'));
  expect(page.on.anchor).toHaveBeenCalledWith('h-task');
});

test.each([
  ['main.py', ['python', 'py']],
  ['main.js', ['javascript', 'js']],
  ['main.go', ['go']],
])('of an answer in several languages, %s can take in its own', async (entry, taken) => {
  const page = open({}, null, entry);
  const asked = await ask(page, 'how?');
  const marks = ['python', 'py', 'javascript', 'js', 'go', 'diff', 'text', ''];
  const html = marks.map((mark) => `<pre data-language="${mark}"><code>${mark}!</code></pre>`);
  act(() => {
    asked.start();
    asked.finish({ text: 'code', html: html.join('') });
  });
  for (const button of screen.getAllByRole('button', { name: 'Insert' })) {
    await page.user.click(button);
  }
  expect(page.on.insert.mock.calls).toEqual(taken.map((mark) => [`${mark}!`]));
  expect(screen.getAllByRole('button', { name: 'Compare with mine' })).toHaveLength(taken.length);
});

function stored() {
  const messages = [
    message({ id: 'q', mine: true, text: 'first question' }),
    message({ id: 'a1', parent: 'q', text: 'first answer', rung: 'nudge' }),
    message({ id: 'a2', parent: 'q', text: 'second answer', rung: 'nudge' }),
  ];
  return { thread: thread({ leaf: 'a2' }), messages };
}

test('the last conversation is there again, with its versions', async () => {
  const page = open({ conversations: [stored()] });
  expect(await screen.findByText('second answer')).toBeVisible();
  expect(screen.queryByText('first answer')).toBeNull();
  expect(screen.getByText('2 / 2')).toBeVisible();
  await page.user.click(screen.getByRole('button', { name: 'Previous version' }));
  expect(screen.getByText('first answer')).toBeVisible();
  await waitFor(() => expect(page.platform.conversations[0]?.thread.leaf).toBe('a1'));
  await page.user.click(screen.getByRole('button', { name: 'Say more' }));
  expect(page.platform.asks[0]?.ask).toMatchObject({ kind: 'more', thread: 't1', after: 'a1' });
});

test('a question is changed and asked anew as a branch', async () => {
  const page = open({ conversations: [stored()] });
  await page.user.click(await screen.findByRole('button', { name: 'Change the question' }));
  const field = screen.getByRole('textbox', { name: 'Change the question' });
  await page.user.clear(field);
  await page.user.type(field, 'another one');
  await page.user.click(within(screen.getByRole('log')).getByRole('button', { name: 'Ask' }));
  expect(page.platform.asks[0]?.ask).toMatchObject({ text: 'another one', after: null });
});

test('conversations are listed, named, saved and deleted', async () => {
  const page = open({ conversations: [stored()] });
  await screen.findByText('second answer');
  await page.user.click(screen.getByRole('button', { name: 'This conversation' }));
  await page.user.click(await screen.findByRole('menuitem', { name: 'Rename' }));
  const name = await screen.findByRole('textbox', { name: 'Name of the conversation' });
  await page.user.clear(name);
  await page.user.type(name, 'umbrellas{Enter}');
  await waitFor(() => expect(page.platform.conversations[0]?.thread.title).toBe('umbrellas'));
  await page.user.click(screen.getByRole('button', { name: 'This conversation' }));
  await page.user.click(await screen.findByRole('menuitem', { name: 'Save as Markdown' }));
  const log = within(screen.getByRole('log'));
  expect(await log.findByText(/Saved: \/home\/ada/)).toBeVisible();
  await page.user.click(screen.getByRole('button', { name: 'Conversations' }));
  const dialog = await screen.findByRole('dialog', { name: 'Conversations' });
  expect(within(dialog).getByRole('button', { name: /umbrellas/ })).toBeVisible();
  expect(await seriousFindings()).toEqual([]);
  await page.user.keyboard('{Escape}');
  await page.user.click(screen.getByRole('button', { name: 'This conversation' }));
  await page.user.click(await screen.findByRole('menuitem', { name: 'Delete' }));
  await page.user.click(await screen.findByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(page.platform.conversations).toEqual([]));
  expect(await screen.findByText('What are you wondering about?')).toBeVisible();
});

test('a search finds what was said about every lesson, and leads there', async () => {
  const other = thread({ id: 't9', title: 'Hands', lesson: { course: COURSE, lesson: 'tools' } });
  const lessonTitle = { zh: '工具', en: 'Tools' };
  const hits = [{ thread: other, lessonTitle, message: 'm9', excerpt: 'a hand is a tool' }];
  const page = open({ conversations: [stored()], hits });
  await screen.findByText('second answer');
  await page.user.click(screen.getByRole('button', { name: 'Conversations' }));
  await page.user.type(await screen.findByRole('searchbox'), 'hand');
  const hit = await screen.findByRole('button', { name: /a hand is a tool/ });
  expect(hit).toHaveTextContent('Tools');
  await page.user.click(hit);
  expect(page.on.elsewhere).toHaveBeenCalledWith(other.lesson, {
    kind: 'open',
    thread: 't9',
    message: 'm9',
  });
});

test('what another place wants is asked once', async () => {
  const { platform, on } = open({}, { kind: 'hint' });
  await waitFor(() => expect(platform.asks).toHaveLength(1));
  expect(platform.asks[0]?.ask).toMatchObject({ kind: 'hint', text: '' });
  expect(on.wished).toHaveBeenCalledTimes(1);
});

test('a conversation that another place wants is opened, at its message', async () => {
  const { platform } = open(
    { conversations: [stored()] },
    { kind: 'open', thread: 't1', message: 'a1' },
  );
  expect(await screen.findByText('first answer')).toBeVisible();
  expect(platform.asks).toEqual([]);
});
