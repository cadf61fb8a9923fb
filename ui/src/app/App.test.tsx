// The first minute: boot, recovery, home, a lesson; by mouse and by keyboard.

import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { CourseSummary } from '../bindings/CourseSummary';
import type { ErrorCode } from '../bindings/ErrorCode';
import type { Home } from '../bindings/Home';
import { renderApp } from '../testing/app';
import { seriousFindings } from '../testing/axe';
import { createFakePlatform, type FakeOptions } from '../testing/fake-platform';

vi.mock('../features/workbench/editor/load', () => ({
  loadEditor: () => import('../features/workbench/testing/textarea-editor'),
}));

// A diagram needs a layout, and its renderer is the largest thing the page can load.
vi.mock('../features/lesson/diagrams', () => ({ drawDiagram: async () => null }));

const RESUME: FakeOptions['home'] = {
  resume: {
    lesson: { course: 'first-agent', lesson: 'tools' },
    lessonTitle: { zh: '工具', en: 'Tools' },
    courseTitle: { zh: '第一个智能体', en: 'Your First Agent' },
    openedAt: 0,
  },
  activity: [
    { day: '2026-11-20', runs: 3, passed: 1 },
    { day: '2026-11-21', runs: 30, passed: 2 },
  ],
};

function broken(code: ErrorCode) {
  const path = '/home/ada/learner.db';
  return createFakePlatform({
    store: { state: 'unavailable', code, path, detail: 'said by SQLite' },
  });
}

async function openLesson(options: FakeOptions = {}) {
  const app = renderApp(createFakePlatform(options));
  await app.user.click(await screen.findByRole('button', { name: /^(Start|开始)/ }));
  await screen.findByRole('heading', { level: 1, name: /1\.1/ });
  await screen.findByRole('tree');
  // The workbench comes after the text is painted.
  await screen.findByRole('button', { name: /^(Run|运行)/ });
  return app;
}

/** A closed pane is inert: nothing in it is seen, said or reached. */
const isOpen = (element: Element) => element.closest('[inert]') === null;

test('the window has its shape before the core has answered', async () => {
  renderApp();
  expect(screen.getByTestId('skeleton')).toBeInTheDocument();
  expect(await screen.findByRole('banner')).toBeInTheDocument();
});

test('a boot that fails says so and can be tried again', async () => {
  const platform = createFakePlatform();
  platform.failNext('boot', 'internal', 'no core');
  const { user } = renderApp(platform);
  expect(await screen.findByRole('alert')).toHaveTextContent('no core');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('banner')).toBeInTheDocument();
});

test.each<[ErrorCode, RegExp, boolean]>([
  ['store_corrupt', /damaged/, true],
  ['store_newer', /newer version/, true],
  ['store_unwritable', /cannot be written/, false],
  ['store_busy', /holding your data/, false],
  ['store_full', /disk is full/, false],
])(
  '%s: says what happened, where the file is, and offers what helps',
  async (code, title, fresh) => {
    renderApp(broken(code));
    expect(await screen.findByRole('heading', { name: title })).toBeInTheDocument();
    expect(screen.getByText('/home/ada/learner.db')).toBeInTheDocument();
    expect(screen.getByRole('main')).toHaveTextContent(/kept|whole/);
    expect(screen.getByRole('button', { name: 'Try again' })).toBeEnabled();
    expect(screen.queryByRole('button', { name: 'Start fresh' }) !== null).toBe(fresh);
    expect(await seriousFindings()).toEqual([]);
  },
);

test('trying again leads on when the data can be used', async () => {
  const platform = broken('store_busy');
  const { user } = renderApp(platform);
  const retry = await screen.findByRole('button', { name: 'Try again' });
  await user.click(retry);
  expect(screen.getByRole('heading', { name: /holding your data/ })).toBeInTheDocument();
  platform.store = { state: 'ready', path: '/home/ada/learner.db' };
  await user.click(retry);
  expect(await screen.findByRole('button', { name: /Start/ })).toBeInTheDocument();
});

test('the data that came back brings its settings along', async () => {
  const platform = broken('store_busy');
  const { user } = renderApp(platform);
  const retry = await screen.findByRole('button', { name: 'Try again' });
  platform.store = { state: 'ready', path: '/home/ada/learner.db' };
  platform.settings = { ...platform.settings, uiLanguage: 'zh', theme: 'dark' };
  await user.click(retry);
  expect(await screen.findByRole('button', { name: /^开始/ })).toBeInTheDocument();
  expect(document.documentElement.dataset.theme).toBe('dark');
});

test('an engine that is ready before the first answer is not shown as preparing', async () => {
  const engine = { name: 'wasm', status: 'preparing', detail: '' } as const;
  const platform = createFakePlatform({ engine });
  const asked = vi.spyOn(platform, 'boot');
  const answer = await platform.boot();
  let arrive: () => void = () => undefined;
  asked.mockReturnValue(
    new Promise((resolve) => {
      arrive = () => resolve(answer);
    }),
  );
  renderApp(platform);
  act(() => platform.setEngine({ ...engine, status: 'ready' }));
  arrive();
  expect(await screen.findByRole('button', { name: 'Python: Python ready' })).toBeInTheDocument();
});

test('starting fresh asks first, and the safe answer changes nothing', async () => {
  const platform = broken('store_corrupt');
  const { user } = renderApp(platform);
  await user.click(await screen.findByRole('button', { name: 'Start fresh' }));
  const question = await screen.findByRole('dialog');
  expect(within(question).getByRole('button', { name: 'Cancel' })).toHaveFocus();
  await user.keyboard('{Enter}');
  expect(platform.store.state).toBe('unavailable');
  await user.click(screen.getByRole('button', { name: 'Start fresh' }));
  await user.click(
    within(await screen.findByRole('dialog')).getByRole('button', { name: 'Start fresh' }),
  );
  expect(await screen.findByRole('banner')).toBeInTheDocument();
  expect(platform.store.state).toBe('ready');
});

test('the first start shows one course and one button, which has the focus', async () => {
  const { user, platform } = renderApp();
  const start = await screen.findByRole('button', { name: 'Start: Your First Agent' });
  expect(start).toHaveFocus();
  expect(screen.queryByText('Continue')).not.toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { level: 1, name: '1.1 The first loop' });
  expect(platform.opened).toEqual(['hello']);
});

test('a learner who was here goes on with Enter', async () => {
  const { user, platform } = renderApp(createFakePlatform({ home: RESUME }));
  const go = await screen.findByRole('button', { name: /^Continue.*Tools/ });
  expect(go).toHaveFocus();
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { level: 1, name: '1.2 Tools' });
  expect(platform.opened).toEqual(['tools']);
});

test('the year is a picture and a table', async () => {
  const { user } = renderApp(createFakePlatform({ home: RESUME }));
  expect(await screen.findByRole('img', { name: /Active days: 2.*33/ })).toBeInTheDocument();
  await user.click(screen.getByText('Show as a table'));
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows.map((row) => row.textContent)).toEqual([
    'DayRuns and checksChecks passed',
    '2026-11-21302',
    '2026-11-2031',
  ]);
  expect(await seriousFindings()).toEqual([]);
});

test('home says it when it cannot be read, and reads again', async () => {
  const platform = createFakePlatform();
  platform.failNext('home', 'store_busy');
  const { user } = renderApp(platform);
  await user.click(await screen.findByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('button', { name: /Start/ })).toBeInTheDocument();
});

test('a lesson stands between its tree and its workbench, with nothing serious for axe', async () => {
  await openLesson();
  expect(screen.getByRole('navigation', { name: 'Lessons' })).toBeInTheDocument();
  expect(screen.getByRole('main', { name: 'Lesson text' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: /Run/ })).toBeInTheDocument();
  const here = screen.getByRole('navigation', { name: 'Where you are' });
  expect(within(here).getByText('1.1 The first loop')).toHaveAttribute('aria-current', 'page');
  expect(await seriousFindings()).toEqual([]);
});

test('the window speaks the other language at once and remembers it', async () => {
  const { user, platform } = await openLesson();
  await user.click(screen.getByRole('button', { name: '中文界面' }));
  expect(await screen.findByRole('navigation', { name: '目录' })).toBeInTheDocument();
  expect(document.documentElement.lang).toBe('zh-CN');
  await waitFor(() => expect(platform.settings.uiLanguage).toBe('zh'));
  expect(
    await screen.findByRole('heading', { level: 1, name: '1.1 第一个循环' }),
  ).toBeInTheDocument();
});

test('the lesson is read in another language than the window', async () => {
  const { user, platform } = await openLesson();
  await user.click(screen.getByRole('button', { name: '用中文读这一课' }));
  expect(await screen.findByRole('heading', { name: '你的任务' })).toBeInTheDocument();
  expect(screen.getByRole('navigation', { name: 'Lessons' })).toBeInTheDocument();
  expect(platform.settings).toMatchObject({ uiLanguage: null, contentLanguage: 'zh' });
});

test('reading in the other language keeps the output and what was typed', async () => {
  const { user, platform } = await openLesson();
  const editor = await screen.findByRole('textbox', { name: /code editor/ });
  await waitFor(() => expect(editor).toHaveValue(platform.filesOf('hello')[0]?.text));
  await user.type(editor, '# mine');
  await user.click(screen.getByRole('button', { name: 'Run' }));
  act(() => platform.runs[0]?.emit({ type: 'stdout', text: 'printed before\n' }));
  await user.click(screen.getByRole('button', { name: '用中文读这一课' }));
  expect(await screen.findByRole('heading', { name: '你的任务' })).toBeInTheDocument();
  // The same element is the same editor, with its undo.
  expect(screen.getByRole('textbox', { name: /code editor/ })).toBe(editor);
  expect((editor as HTMLTextAreaElement).value).toContain('# mine');
  expect(platform.runs[0]?.cancelled).toBe(false);
  act(() => platform.runs[0]?.emit({ type: 'stdout', text: 'and after\n' }));
  const output = screen.getByRole('region', { name: 'Output of the program' });
  expect(output).toHaveTextContent('printed before');
  await waitFor(() => expect(output).toHaveTextContent('and after'));
});

test('the theme is switched and stored', async () => {
  const { user, platform } = renderApp();
  await user.click(await screen.findByRole('button', { name: 'Dark colours' }));
  expect(document.documentElement.dataset.theme).toBe('dark');
  await waitFor(() => expect(platform.settings.theme).toBe('dark'));
});

test('Ctrl+B hides the tree and remembers it', async () => {
  const { user, platform } = await openLesson();
  await user.keyboard('{Control>}b{/Control}');
  expect(isOpen(screen.getByRole('tree'))).toBe(false);
  expect(screen.getByRole('button', { name: 'Show lessons' })).toBeInTheDocument();
  await waitFor(() => expect(platform.settings.panes['learn.tree.closed']).toBe(1));
  await user.keyboard('{Control>}b{/Control}');
  expect(isOpen(screen.getByRole('tree'))).toBe(true);
});

test('one of the text and the workbench always stays', async () => {
  const { user } = await openLesson();
  const [text, work] = [screen.getByRole('main'), screen.getByRole('button', { name: /Run/ })];
  await user.keyboard('{Control>}{Alt>}2{/Alt}{/Control}');
  expect([isOpen(text), isOpen(work)]).toEqual([false, true]);
  await user.keyboard('{Control>}{Alt>}3{/Alt}{/Control}');
  expect([isOpen(text), isOpen(work)]).toEqual([true, false]);
});

test('Ctrl+1, 2, 3 and F6 move between the panes', async () => {
  const { user } = await openLesson();
  await user.keyboard('{Control>}1{/Control}');
  expect(document.activeElement).toHaveAttribute('role', 'treeitem');
  await user.keyboard('{F6}');
  expect(document.activeElement?.closest('main')).not.toBeNull();
  await user.keyboard('{F6}');
  expect(document.activeElement?.closest('[data-pane="editor"]')).not.toBeNull();
  await user.keyboard('{Shift>}{F6}{/Shift}');
  expect(document.activeElement?.closest('main')).not.toBeNull();
  await user.keyboard('{Control>}3{/Control}');
  expect(document.activeElement?.closest('[data-pane="editor"]')).not.toBeNull();
});

test('n and p lead to the next and the previous lesson, but not while typing', async () => {
  const { user, platform } = await openLesson();
  await user.keyboard('n');
  await screen.findByRole('heading', { level: 1, name: '1.2 Tools' });
  await user.keyboard('p');
  await screen.findByRole('heading', { level: 1, name: '1.1 The first loop' });
  await user.type(await screen.findByRole('textbox'), 'n');
  expect(platform.opened).toEqual(['hello', 'tools', 'hello']);
});

test('the engine chip says what is true, with the reason on request', async () => {
  const platform = createFakePlatform({
    engine: { name: 'wasm', status: 'preparing', detail: 'compiling' },
  });
  const { user } = renderApp(platform);
  const chip = await screen.findByRole('button', { name: 'Python: Preparing Python' });
  await user.click(chip);
  expect(screen.getByText(/a run started now waits/)).toBeInTheDocument();
  act(() => platform.setEngine({ name: 'wasm', status: 'unavailable', detail: 'guest missing' }));
  expect(screen.getByRole('button', { name: 'Python: Python cannot run' })).toBeInTheDocument();
  expect(screen.getByText('guest missing')).toBeInTheDocument();
  expect(screen.getByTestId('announcer')).toHaveTextContent('Python cannot run');
});

test('an opened lesson counts as started, whenever the tree was read', async () => {
  const platform = createFakePlatform();
  const tree = await platform.courseTree('first-agent');
  vi.spyOn(platform, 'courseTree').mockResolvedValue(tree);
  const { user } = renderApp(platform);
  await user.click(await screen.findByRole('button', { name: /^Start/ }));
  expect(
    await screen.findByRole('treeitem', { name: '1.1 The first loop, started' }),
  ).toBeInTheDocument();
});

test('a passed lesson fills its mark in the tree', async () => {
  const { user, platform } = await openLesson();
  await user.click(screen.getByRole('button', { name: /Check/ }));
  const check = platform.checks[0]!;
  act(() =>
    check.emit(
      { type: 'started', total: 0 },
      {
        type: 'finished',
        report: {
          results: [],
          passed: true,
          cancelled: false,
          durationMs: 1,
          state: 'passed',
          kept: true,
        },
      },
    ),
  );
  expect(
    await screen.findByRole('treeitem', { name: '1.1 The first loop, passed' }),
  ).toBeInTheDocument();
});

test('a lesson that cannot be opened says why, and the tree still works', async () => {
  const { user, platform } = await openLesson();
  platform.failNext('lessonOpen', 'lesson_broken', 'lesson.en.md is missing');
  await user.click(screen.getByRole('treeitem', { name: /1\.2 Tools/ }));
  expect(await screen.findByRole('alert')).toHaveTextContent('lesson.en.md is missing');
  await user.click(screen.getByRole('treeitem', { name: /2\.1 Notes/ }));
  expect(await screen.findByRole('heading', { level: 1, name: '2.1 Notes' })).toBeInTheDocument();
});

test('? shows every key of the registry', async () => {
  const { user } = await openLesson();
  await user.keyboard('?');
  const sheet = await screen.findByRole('dialog', { name: 'All keys' });
  for (const words of ['Next hint', 'Go to the lesson list', 'Search lessons and commands']) {
    expect(within(sheet).getByText(words)).toBeInTheDocument();
  }
  expect(await seriousFindings()).toEqual([]);
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('a course that was installed in a terminal is there when the window is looked at again', async () => {
  const home: Partial<Home> = { courses: [] };
  renderApp(createFakePlatform({ home }));
  await screen.findByRole('heading', { level: 1 });
  const [course] = (await createFakePlatform().home()).courses;
  home.courses = [{ ...(course as CourseSummary), title: { zh: '新课', en: 'A new course' } }];
  act(() => void window.dispatchEvent(new Event('focus')));
  expect(await screen.findByRole('heading', { name: 'A new course' })).toBeInTheDocument();
});

test('from Home the search finds lessons, in the language the window does not speak', async () => {
  const { user, platform } = renderApp();
  await screen.findByRole('button', { name: /Start/ });
  await user.keyboard('{Control>}k{/Control}');
  await user.keyboard('便签');
  expect(await screen.findByRole('option', { name: /2\.1 Notes/ })).toBeInTheDocument();
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { level: 1, name: '2.1 Notes' });
  expect(platform.opened).toEqual(['notes']);
});

test('the search leads to a heading of the open lesson, out of the hints', async () => {
  const { user } = await openLesson();
  await user.keyboard('h');
  const shown = vi.spyOn(Element.prototype, 'scrollIntoView');
  await user.keyboard('{Control>}k{/Control}');
  await user.keyboard('your task{Enter}');
  await waitFor(() =>
    expect(screen.getByRole('tab', { name: 'Lesson' })).toHaveAttribute('aria-selected', 'true'),
  );
  await waitFor(() =>
    expect(shown.mock.contexts.map((e) => (e as Element).id)).toContain('h-task'),
  );
});

test('the focus is in the text after a lesson was opened by key', async () => {
  const { user } = await openLesson();
  expect(screen.getByRole('article')).toHaveFocus();
  await user.keyboard('n');
  await screen.findByRole('heading', { level: 1, name: '1.2 Tools' });
  expect(screen.getByRole('article')).toHaveFocus();
});
