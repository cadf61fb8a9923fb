// From one lesson to the next: what stands on the page meanwhile, whose it is, and what becomes of
// keys that are pressed in between.

import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonView } from '../../bindings/LessonView';
import { renderApp } from '../../testing/app';
import { fakeLessonView } from '../../testing/fake-course';
import { createFakePlatform, type FakePlatform, fakeError } from '../../testing/fake-platform';

vi.mock('../../features/workbench/editor/load', () => ({
  loadEditor: () => import('../../features/workbench/testing/textarea-editor'),
}));
vi.mock('../../features/lesson/diagrams', () => ({ drawDiagram: async () => null }));

const HELLO = /^1\.1/;
const TOOLS = /^1\.2/;
const NOTES = /^2\.1/;

const row = (name: RegExp) => screen.getByRole('treeitem', { name });
const heading = () => screen.queryByRole('heading', { level: 1 })?.textContent;
const editor = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /code editor/ });
const codeOf = (lesson: string) => fakeLessonView(lesson, 'en')!.files[0]!.text;

/** The first lesson, whole. */
async function openFirst(platform: FakePlatform = createFakePlatform()) {
  const app = renderApp(platform);
  await app.user.click(await screen.findByRole('button', { name: /^Start/ }));
  await codeIs('hello');
  return app;
}

const codeIs = (lesson: string) =>
  waitFor(() => expect(editor()).toHaveValue(codeOf(lesson)), { timeout: 5000 });

/** From here on lessons open when the test says so, and nothing is known of them before. */
function hold(platform: FakePlatform) {
  const open = platform.lessonOpen;
  const waiting = new Map<string, { answer: () => Promise<void>; refuse: () => void }>();
  vi.spyOn(platform, 'lessonText').mockRejectedValue(fakeError('lesson_broken'));
  vi.spyOn(platform, 'lessonOpen').mockImplementation((lesson: LessonRef, language) => {
    const opened = open(lesson, language);
    return new Promise<LessonView>((resolve, reject) => {
      waiting.set(lesson.lesson, {
        answer: async () => act(async () => resolve(await opened)),
        refuse: () => act(() => reject(fakeError('lesson_broken', 'it is broken'))),
      });
    });
  });
  return async (lesson: string) => {
    await waitFor(() => expect(waiting.has(lesson)).toBe(true));
    return waiting.get(lesson)!;
  };
}

/** Opens the first lesson before the second can be read ahead. */
async function openHeld() {
  const platform = createFakePlatform();
  const read = vi.spyOn(platform, 'lessonText').mockRejectedValue(fakeError('lesson_broken'));
  const app = await openFirst(platform);
  read.mockRestore();
  return { ...app, request: hold(platform) };
}

test('the lesson before stays until the next is here, and its code until that text is', async () => {
  const { request } = await openHeld();
  // Looked at in the same breath: it stays for a moment only.
  fireEvent.click(row(TOOLS));
  expect(heading()).toMatch(HELLO);
  expect(editor()).toHaveValue(codeOf('hello'));
  expect(screen.getByRole('main')).toHaveAttribute('aria-busy', 'true');
  const tools = await request('tools');
  await tools.answer();
  expect(heading()).toMatch(TOOLS);
  expect(screen.getByRole('main')).toHaveAttribute('aria-busy', 'false');
  await codeIs('tools');
});

test('the lesson before does not stay for ever', async () => {
  const { user, request } = await openHeld();
  await user.click(row(TOOLS));
  const tools = await request('tools');
  await waitFor(() => expect(heading()).toBeUndefined());
  expect(screen.queryByRole('textbox', { name: /code editor/ })).not.toBeInTheDocument();
  await tools.answer();
  expect(heading()).toMatch(TOOLS);
  await codeIs('tools');
});

test('a lesson that cannot be opened is not hidden by the one before', async () => {
  const { user, request } = await openHeld();
  await user.click(row(TOOLS));
  (await request('tools')).refuse();
  expect(await screen.findByRole('alert')).toHaveTextContent('it is broken');
  await waitFor(() => expect(heading()).toBeUndefined());
  expect(screen.queryByRole('button', { name: 'Run' })).not.toBeInTheDocument();
});

test('what is typed meanwhile reaches neither the code of the lesson before nor its keys', async () => {
  const { user, platform, request } = await openHeld();
  fireEvent.click(row(TOOLS));
  const typed = (target: HTMLElement) => fireEvent.keyDown(target, { key: 'x' });
  expect(typed(editor())).toBe(false);
  expect(fireEvent.paste(editor())).toBe(false);
  expect(fireEvent.click(screen.getByRole('button', { name: 'Run' }))).toBe(false);
  act(() => row(TOOLS).blur());
  await user.keyboard('nph');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await user.keyboard('{Control>}{Shift>}{Enter}{/Shift}{/Control}');
  const tools = await request('tools');
  expect([platform.runs, platform.checks, platform.saved]).toEqual([[], [], []]);
  await tools.answer();
  await codeIs('tools');
  expect(heading()).toMatch(TOOLS);
  expect(typed(editor())).toBe(true);
  expect(platform.opened).toEqual(['hello', 'tools']);
});

test('what was typed before is kept in its own lesson, and found again', async () => {
  const { user, platform } = await openFirst();
  await user.type(editor(), '# mine');
  screen.getByRole('article').focus();
  await user.keyboard('n');
  await codeIs('tools');
  expect(platform.filesOf('hello')[0]?.text).toContain('# mine');
  expect(platform.filesOf('tools')[0]?.text).toBe(codeOf('tools'));
  await user.keyboard('p');
  await waitFor(() => expect(editor().value).toBe(`${codeOf('hello')}# mine`), { timeout: 5000 });
});

test('there and back before anything was stored loses nothing', async () => {
  const { user, platform } = await openFirst();
  const save = platform.draftSave;
  let store: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    store = resolve;
  });
  vi.spyOn(platform, 'draftSave').mockImplementation(async (lesson, file) => {
    await gate;
    return save(lesson, file);
  });
  await user.type(editor(), '# mine');
  await user.click(row(TOOLS));
  await codeIs('tools');
  await user.click(row(HELLO));
  store();
  await waitFor(() => expect(editor().value).toBe(`${codeOf('hello')}# mine`), { timeout: 5000 });
});

test('of lessons that were clicked in a hurry the last one is open, whatever arrives when', async () => {
  const { user, request } = await openHeld();
  await user.click(row(TOOLS));
  const tools = await request('tools');
  await user.click(row(NOTES));
  const notes = await request('notes');
  await notes.answer();
  await tools.answer();
  await codeIs('notes');
  expect(heading()).toMatch(NOTES);
});

test('a text that was read ahead is there at the click, before the lesson is open', async () => {
  const { user, platform } = await openFirst();
  await waitFor(() => expect(platform.foreseen).toEqual(['hello', 'tools']));
  await user.hover(row(NOTES));
  await waitFor(() => expect(platform.foreseen).toEqual(['hello', 'tools', 'notes']));
  expect(platform.opened).toEqual(['hello']);
  const request = hold(platform);
  await user.click(row(NOTES));
  const notes = await request('notes');
  expect(heading()).toMatch(NOTES);
  expect(screen.getByRole('main')).toHaveAttribute('aria-busy', 'false');
  await notes.answer();
  await codeIs('notes');
});

test('the lesson that Home leads to is read ahead, so that its text is there at the click', async () => {
  const platform = createFakePlatform();
  const { user } = renderApp(platform);
  const start = await screen.findByRole('button', { name: /^Start/ });
  await waitFor(() => expect(platform.foreseen).toEqual(['hello']));
  expect(platform.opened).toEqual([]);
  const request = hold(platform);
  await user.click(start);
  const hello = await request('hello');
  expect(heading()).toMatch(HELLO);
  await hello.answer();
  await codeIs('hello');
});

test('the keyboard in the tree reads ahead too, and each lesson once', async () => {
  const { user, platform } = await openFirst();
  await waitFor(() => expect(platform.foreseen).toEqual(['hello', 'tools']));
  act(() => row(HELLO).focus());
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowUp}{ArrowDown}');
  await waitFor(() => expect(platform.foreseen).toEqual(['hello', 'tools', 'notes']));
  await user.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}{ArrowDown}');
  expect(platform.foreseen).toEqual(['hello', 'tools', 'notes']);
});

test('a lesson that was changed since it was read ahead is shown as it is now', async () => {
  const { user, platform } = await openFirst();
  await waitFor(() => expect(platform.foreseen).toEqual(['hello', 'tools']));
  const now = { ...fakeLessonView('tools', 'en')!, html: '<p>rewritten</p>' };
  vi.spyOn(platform, 'lessonOpen').mockResolvedValue(now);
  await user.click(row(TOOLS));
  await waitFor(() => expect(screen.getByText('rewritten')).toBeVisible(), { timeout: 5000 });
});

test('checks that end after their lesson was left count for that lesson', async () => {
  const { user, platform } = await openFirst();
  await user.click(screen.getByRole('button', { name: 'Check' }));
  const request = hold(platform);
  await user.click(row(NOTES));
  await request('notes');
  const report = {
    results: [],
    passed: true,
    cancelled: false,
    durationMs: 1,
    state: 'passed' as const,
    kept: true,
  };
  act(() => platform.checks[0]!.emit({ type: 'finished', report }));
  expect(await screen.findByRole('treeitem', { name: /1\.1.*, passed/ })).toBeInTheDocument();
  expect(row(NOTES)).toHaveAccessibleName(/not started/);
});

test('a lesson that was opened stays started in the tree when the next one is open', async () => {
  const { user } = await openFirst();
  await user.click(row(TOOLS));
  await codeIs('tools');
  expect(row(HELLO)).toHaveAccessibleName(/, started/);
  expect(row(TOOLS)).toHaveAccessibleName(/, started/);
});
