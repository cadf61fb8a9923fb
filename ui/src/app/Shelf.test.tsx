// Courses from hand to hand in the window: a file that is opened, an import, taking a course away.

import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { ImportSummary } from '../bindings/ImportSummary';
import { speak } from '../lib/i18n';
import { renderApp } from '../testing/app';
import { seriousFindings } from '../testing/axe';
import { createFakePlatform, type FakeOptions } from '../testing/fake-platform';

vi.mock('../features/workbench/editor/load', () => ({
  loadEditor: () => import('../features/workbench/testing/textarea-editor'),
}));

function start(shelf: FakeOptions['shelf'], more: FakeOptions = {}) {
  return renderApp(createFakePlatform({ ...more, shelf: shelf ?? {} }));
}

const FILE = '/home/ada/my.hacourse';

/** The dialog once the bundle was looked at; the first start of a page takes its time. */
async function bundleDialog() {
  const named = { name: 'To take an umbrella' };
  return within(await screen.findByRole('dialog', named, { timeout: 10_000 }));
}

test('a file the app was opened with says who signed it and what it needs, then is installed', async () => {
  const { user, platform } = start({ opened: [FILE] });
  const dialog = await bundleDialog();
  expect(await dialog.findByText('A signer who is new here')).toBeInTheDocument();
  expect(dialog.getByText('hacourse-key-1:AAAA')).toBeInTheDocument();
  expect(dialog.getByText('a language model')).toBeInTheDocument();
  expect(dialog.getByText('Python packages: numpy')).toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
  expect(platform.installed).toEqual([]);
  await user.click(dialog.getByRole('button', { name: 'Install' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(platform.installed).toEqual([{ path: FILE, trusted: false }]);
});

test.each(['changed', 'dropped'] as const)(
  'a signer who %s is said loudly, and nothing happens until it is meant',
  async (trust) => {
    const known = 'hacourse-key-1:OLD';
    const { user, platform } = start({ opened: [FILE], bundle: { trust, knownSigner: known } });
    const dialog = await bundleDialog();
    expect(await dialog.findByRole('alert')).toHaveTextContent(/!/);
    expect(dialog.getByText(known)).toBeInTheDocument();
    const install = dialog.getByRole('button', { name: 'Install' });
    expect(install).toBeDisabled();
    await user.click(dialog.getByRole('checkbox', { name: /I know why/ }));
    await user.click(install);
    await waitFor(() => expect(platform.installed).toEqual([{ path: FILE, trusted: true }]));
  },
);

test('a course that would stand in for one of the app is said loudly, and so is an older one', async () => {
  const { user, platform } = start({
    opened: [FILE],
    bundle: { trust: 'notTheApp', installed: '2.0.0', isOlder: true },
  });
  const dialog = await bundleDialog();
  expect(await dialog.findByRole('alert')).toHaveTextContent('The app has this course already!');
  expect(dialog.getByText('1.1.0, older than what is installed: 2.0.0')).toBeInTheDocument();
  const back = dialog.getByRole('button', { name: 'Go back to this version' });
  expect(back).toBeDisabled();
  await user.click(dialog.getByRole('checkbox', { name: /I know why/ }));
  await user.click(back);
  await waitFor(() => expect(platform.installed).toEqual([{ path: FILE, trusted: true }]));
});

test('a file that was replaced while one looked is shown anew and asked for anew', async () => {
  const trust = 'changed';
  const { user, platform } = start({ opened: [FILE], bundle: { trust, signer: 'key:SECOND' } });
  const dialog = await bundleDialog();
  await user.click(dialog.getByRole('checkbox', { name: /I know why/ }));
  act(() => platform.replaceBundle({ fingerprint: 'f2', signer: 'key:THIRD' }));
  await user.click(dialog.getByRole('button', { name: 'Install' }));
  expect(await dialog.findByText('Another file took its place')).toBeVisible();
  expect(await dialog.findByText('key:THIRD')).toBeVisible();
  expect(dialog.queryByText('key:SECOND')).toBeNull();
  expect(dialog.getByRole('button', { name: 'Install' })).toBeDisabled();
  expect(platform.installed).toEqual([]);
  await user.click(dialog.getByRole('checkbox', { name: /I know why/ }));
  await user.click(dialog.getByRole('button', { name: 'Install' }));
  await waitFor(() => expect(platform.installed).toEqual([{ path: FILE, trusted: true }]));
});

test('an update says what is new and that changed files stay', async () => {
  const lesson = {
    title: { zh: '决定', en: 'Decide' },
    renamed: false,
    moved: false,
    text: true,
    checks: false,
    solution: false,
    work: ['main.py'],
  };
  start({
    opened: [FILE],
    bundle: {
      trust: 'same',
      installed: '1.0.0',
      changes: { added: [], removed: [], changed: [lesson], same: 2 },
    },
  });
  const dialog = await bundleDialog();
  expect(await dialog.findByText('Decide: text, starter main.py')).toBeInTheDocument();
  expect(dialog.getByText(/Files you changed are not replaced/)).toBeInTheDocument();
  expect(dialog.getByText('1.1.0 (installed: 1.0.0)')).toBeInTheDocument();
  expect(dialog.getByRole('button', { name: 'Update' })).toBeEnabled();
});

test('a file dropped on the window, or chosen in the dialog, is looked at', async () => {
  const { user, platform } = start({ picked: '/home/ada/other.hacourse' });
  await screen.findByRole('button', { name: /^Start/ });
  act(() => platform.drop(FILE));
  const dialog = await bundleDialog();
  await user.click(dialog.getByRole('button', { name: 'Leave it' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await user.click(screen.getByRole('button', { name: 'Open a course file…' }));
  expect(await screen.findByRole('dialog', { name: 'To take an umbrella' })).toBeInTheDocument();
  expect(platform.installed).toEqual([]);
});

test('a folder is opened in the place of authors, with what was asked for of it', async () => {
  const folder = { type: 'folder', dir: '/home/ada/我的课程' } as const;
  const { user, platform } = start({ opened: [{ ...folder, lesson: 'act', language: 'zh' }] });
  const tab = await screen.findByRole('tab', { name: 'Preview' }, { timeout: 10_000 });
  expect(tab).toHaveAttribute('aria-selected', 'true');
  expect(await screen.findByText('saved 0 times')).toBeVisible();
  expect(screen.getByRole('textbox', { name: "The course's folder" })).toHaveValue(folder.dir);
  expect(screen.getByRole('combobox', { name: 'Lesson' })).toHaveValue('act');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Lesson' }), ['decide']);
  act(() => platform.drop({ ...folder, lesson: 'act', language: null }));
  await waitFor(() => expect(screen.getByRole('combobox', { name: 'Lesson' })).toHaveValue('act'));
});

test('a folder without a course says so', async () => {
  start({ opened: [{ type: 'folder', dir: '/home/ada/nothing', lesson: null, language: null }] });
  const said = screen.findByText(/there is no course.toml/, {}, { timeout: 10_000 });
  expect(await said).toBeVisible();
});

const REPORT: ImportSummary = {
  course: 'book',
  chapters: 2,
  lessons: 5,
  chinese: 5,
  english: 3,
  known: 0,
  gone: [],
  changed: [
    {
      zh: 'docs/2.md: 你和书都改了它',
      en: 'docs/2.md: you changed it and so did the book',
    },
  ],
  license: 'CC BY 4.0',
  images: 7,
  missingImages: ['docs/1.md:3: images/a.png'],
  remoteImages: 1,
  deadLinks: [],
  linked: ['docs/1.md:5: code/main.py'],
  leftOut: [],
  code: {
    other: 2,
    runs: 4,
    needsEarlier: 3,
    needsKey: 1,
    needsNetwork: 0,
    needsPackages: { numpy: 2 },
    withPackages: 2,
    fails: [{ zh: 'docs/1.md:9: KeyError', en: 'docs/1.md:9: KeyError' }],
    notRun: 0,
  },
};

test('an import shows how far it is, can be stopped, and ends with a report', async () => {
  const { user, platform } = start({});
  await user.click(await screen.findByRole('button', { name: 'Import…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Import' }));
  expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled();
  await user.type(dialog.getByRole('textbox', { name: 'From' }), '/home/ada/book');
  await user.click(dialog.getByRole('button', { name: 'Import' }));
  const first = await waitFor(() => platform.imports[0]!);
  expect(first.start).toMatchObject({ from: '/home/ada/book', into: '/home/ada/book-course' });
  act(() => first.emit({ type: 'progress', stage: 'texts', done: 3, total: 10 }));
  expect(dialog.getByRole('progressbar', { name: /3 of 10/ })).toHaveValue(3);
  await user.click(dialog.getByRole('button', { name: 'Stop' }));
  expect(first.stopped).toBe(true);
  act(() => first.emit({ type: 'stopped' }));
  expect(await dialog.findByText(/Importing again completes it/)).toBeInTheDocument();

  await user.click(dialog.getByRole('button', { name: 'Import' }));
  const second = await waitFor(() => platform.imports[1]!);
  act(() => second.emit({ type: 'finished', report: REPORT }));
  expect(await dialog.findByText('docs/1.md:3: images/a.png')).toBeInTheDocument();
  expect(dialog.getByText('5 in 2 chapters, 5 in Chinese, 3 in English')).toBeInTheDocument();
  expect(dialog.getByText('Run as they are: 4')).toBeInTheDocument();
  expect(dialog.getByText('docs/2.md: you changed it and so did the book')).toBeInTheDocument();
  act(() => speak('zh'));
  expect(dialog.getByText('docs/2.md: 你和书都改了它')).toBeInTheDocument();
  act(() => speak('en'));
  expect(await seriousFindings()).toEqual([]);
  await user.click(dialog.getByRole('button', { name: 'Look at it' }));
  expect(await screen.findByRole('tab', { name: 'Preview' })).toBeInTheDocument();
});

test('a course that was installed can be removed, after a question', async () => {
  const course = {
    id: 'my-course',
    title: { zh: '伞', en: 'Umbrella' },
    summary: { zh: '一课', en: 'One' },
    lessons: 1,
    passed: 0,
    minutes: 5,
    next: null,
    problems: 0,
    own: true,
  };
  const { user, platform } = start({}, { home: { courses: [course] } });
  await user.click(await screen.findByRole('button', { name: 'More: Umbrella' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Remove' }));
  const question = within(await screen.findByRole('dialog'));
  expect(question.getByText(/Your code and your progress stay/)).toBeInTheDocument();
  expect(platform.removed).toEqual([]);
  await user.click(question.getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(platform.removed).toEqual([{ course: 'my-course', withWork: false }]));
  expect(screen.queryByText(/A copy from before/)).toBeNull();

  await user.click(await screen.findByRole('button', { name: 'More: Umbrella' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Remove' }));
  const again = within(await screen.findByRole('dialog'));
  await user.click(again.getByRole('checkbox', { name: 'Delete my work in it too' }));
  expect(again.queryByText(/Your code and your progress stay/)).toBeNull();
  await user.click(again.getByRole('button', { name: 'Remove and delete my work' }));
  expect(await screen.findByText(/A copy from before.*backup-v9-1/)).toBeVisible();
  expect(platform.removed.at(-1)).toEqual({ course: 'my-course', withWork: true });
});

test('work in a course that is gone is shown quietly, and forgotten after a question', async () => {
  const kept = [{ course: 'my-course', lessons: 3, lastAt: Date.UTC(2026, 10, 12, 12) }];
  const { user, platform } = start({}, { home: { kept } });
  const list = within(
    await screen.findByRole('region', { name: 'Work kept from removed courses' }),
  );
  expect(list.getByText('3 lessons, last on Nov 12, 2026')).toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
  await user.click(list.getByRole('button', { name: 'Forget the work in my-course…' }));
  const question = within(await screen.findByRole('dialog'));
  expect(question.getByText(/a copy of everything as it was before is kept/)).toBeInTheDocument();
  await user.click(question.getByRole('button', { name: 'Cancel' }));
  expect(platform.removed).toEqual([]);

  await user.click(list.getByRole('button', { name: 'Forget the work in my-course…' }));
  await user.click(await screen.findByRole('button', { name: 'Forget this work' }));
  expect(await screen.findByText(/A copy from before.*backup-v9-1/)).toBeVisible();
  expect(platform.removed).toEqual([{ course: 'my-course', withWork: true }]);
});

test('without such work there is no list of it', async () => {
  start({});
  await screen.findByRole('button', { name: /^Start/ });
  expect(screen.queryByText('Work kept from removed courses')).toBeNull();
});

test("somebody's code is shown beside mine and taken over by nothing", async () => {
  const { user, platform } = start({ opened: ['/home/ada/hello-1.hacode'] });
  const dialog = within(await screen.findByRole('dialog', { name: "Somebody's code" }));
  expect(await dialog.findByText('Your First Agent › The first loop')).toBeInTheDocument();
  expect(dialog.getByText('2 of 3 checks passed last')).toBeInTheDocument();
  expect(platform.saved).toEqual([]);
  await user.click(dialog.getByRole('button', { name: 'Open this lesson' }));
  await screen.findByRole('heading', { level: 1, name: '1.1 The first loop' });
});

test('words of the lessons are found as one types, and lead to their heading', async () => {
  const { user, platform } = start(
    {},
    {
      passages: [
        {
          lesson: { course: 'first-agent', lesson: 'tools' },
          title: { zh: '工具', en: 'Tools' },
          number: '1.2',
          courseTitle: { zh: '第一个智能体', en: 'Your First Agent' },
          language: 'en',
          anchor: 'h-your-task',
          heading: [{ text: 'Your task', marked: false }],
          excerpt: [
            { text: 'a ', marked: false },
            { text: 'zebra', marked: true },
          ],
          isCode: false,
        },
      ],
    },
  );
  await screen.findByRole('button', { name: /^Start/ });
  await user.keyboard('{Control>}k{/Control}');
  await user.keyboard('zebra');
  const hit = await screen.findByRole('option', {
    name: /Your First Agent › 1\.2 Tools › Your task/,
  });
  expect(within(hit).getByText('zebra').tagName).toBe('MARK');
  expect(platform.searches).toContain('zebra');
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { level: 1, name: '1.2 Tools' });
});
