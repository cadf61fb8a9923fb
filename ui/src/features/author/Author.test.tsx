// The author's place: a folder is opened, proven lesson by lesson, seen live, packed and signed.

import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { speak } from '../../lib/i18n';
import { seriousFindings } from '../../testing/axe';
import { createFakePlatform, type FakeOptions } from '../../testing/fake-platform';
import { renderPage } from '../../testing/render';
import { Author, type AuthorStart } from './Author';

const DIR = '/home/ada/my-course';

async function opened(
  shelf: FakeOptions['shelf'] = {},
  onBundle = vi.fn(),
  preview: AuthorStart['preview'] = null,
) {
  const platform = createFakePlatform({ shelf: shelf ?? {} });
  const page = renderPage(
    <Author
      language="en"
      first={{ dir: DIR, preview }}
      prose={({ html }) => <output>{html}</output>}
      onBundle={onBundle}
      changes={() => <p>compared</p>}
    />,
    platform,
  );
  await screen.findByRole('heading', { name: 'To take an umbrella' });
  return page;
}

const cells = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ file: 'lesson.en.md', line: at + 1, ms: 3 }));

test('a folder without a course says so', async () => {
  const { user } = await opened();
  const field = screen.getByRole('textbox', { name: "The course's folder" });
  await user.clear(field);
  await user.type(field, '/home/ada/nothing{Enter}');
  expect(await screen.findByText(/there is no course.toml/)).toBeInTheDocument();
});

test('the proof shows each lesson as it is done and every problem with its line', async () => {
  const { user, platform } = await opened();
  await user.click(screen.getByRole('button', { name: 'Check the course' }));
  const proof = await waitFor(() => platform.proofs[0]!);
  act(() => proof.emit({ type: 'read', problems: [] }));
  act(() =>
    proof.emit({
      type: 'lesson',
      proof: { lesson: 'decide', checks: 2, cells: cells(3), problems: [] },
    }),
  );
  expect(screen.getByRole('progressbar', { name: 'Checking: 1 of 2 lessons' })).toHaveValue(1);
  const [decide, act_] = screen.getAllByRole('listitem');
  expect(within(decide!).getByLabelText('nothing is wrong')).toBeInTheDocument();
  expect(within(decide!).getByText(/2 checks, 3 cells/)).toBeInTheDocument();
  expect(within(act_!).getByLabelText('not checked yet')).toBeInTheDocument();
  const reason = { zh: '这个代码块运行出错', en: 'this cell does not run' };
  const problem = { file: '02/lesson.zh.md', line: 7, reason };
  act(() =>
    proof.emit(
      {
        type: 'lesson',
        proof: { lesson: 'act', checks: 0, cells: cells(1), problems: [problem] },
      },
      { type: 'finished' },
    ),
  );
  expect(await screen.findByText('1 problem')).toBeInTheDocument();
  expect(screen.getByText('02/lesson.zh.md:7')).toBeInTheDocument();
  expect(screen.getByText('this cell does not run')).toBeInTheDocument();
  act(() => speak('zh'));
  expect(screen.getByText('这个代码块运行出错')).toBeInTheDocument();
  expect(screen.queryByText('this cell does not run')).not.toBeInTheDocument();
  act(() => speak('en'));
  expect(await seriousFindings()).toEqual([]);
});

test('a proof can be stopped', async () => {
  const { user, platform } = await opened();
  await user.click(screen.getByRole('button', { name: 'Check the course' }));
  await user.click(screen.getByRole('button', { name: 'Stop' }));
  const proof = platform.proofs[0]!;
  expect(proof.stopped).toBe(true);
  act(() => proof.emit({ type: 'stopped' }));
  expect(await screen.findByText(/the lessons after this were not checked/)).toBeInTheDocument();
});

test('the preview follows what is saved', async () => {
  const { user, platform } = await opened();
  await user.click(screen.getByRole('tab', { name: 'Preview' }));
  expect(await screen.findByText(/saved 0 times/)).toBeInTheDocument();
  platform.saveFile();
  expect(await screen.findByText(/saved 1 times/)).toBeInTheDocument();
});

test('a preview begins with what it was asked for', async () => {
  await opened({}, vi.fn(), { lesson: 'act', language: 'zh' });
  expect(await screen.findByText(/saved 0 times/)).toBeVisible();
  expect(screen.getByRole('combobox', { name: 'Lesson' })).toHaveValue('act');
  expect(screen.getByRole('combobox', { name: 'Language' })).toHaveValue('zh');
});

test('a lesson that is broken for a moment says why, and its text stays', async () => {
  const { platform } = await opened({}, vi.fn(), { lesson: null, language: null });
  expect(await screen.findByText(/saved 0 times/)).toBeVisible();
  platform.failNext('authorPreview', 'lesson_broken');
  platform.saveFile();
  expect(await screen.findByRole('alert')).toBeVisible();
  expect(screen.getByText(/saved 0 times/)).toBeVisible();
  platform.saveFile();
  expect(await screen.findByText(/saved 2 times/)).toBeVisible();
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

test('a folder that is back is shown again, also as it was', async () => {
  const { platform } = await opened({}, vi.fn(), { lesson: null, language: null });
  expect(await screen.findByText(/saved 0 times/)).toBeVisible();
  platform.failNext('authorStamp', 'invalid_request');
  platform.saveFile();
  await screen.findByText(/saved 1 times/);
  expect(await screen.findByRole('alert')).toBeVisible();
  await waitFor(() => expect(screen.queryByRole('alert')).not.toBeInTheDocument());
  expect(screen.getByText(/saved 1 times/)).toBeVisible();
});

test('a lesson is recorded, and the author is told where', async () => {
  const { user, platform } = await opened();
  await user.click(screen.getByRole('tab', { name: 'Record' }));
  await user.selectOptions(screen.getByRole('combobox', { name: 'Lesson' }), ['act']);
  await user.click(screen.getByRole('button', { name: 'Record with the live model' }));
  const recording = await waitFor(() => platform.recordings[0]!);
  expect(recording.start).toMatchObject({ dir: DIR, lesson: 'act' });
  act(() => recording.emit({ type: 'output', text: 'It rains.\n' }));
  expect(screen.getByText('It rains.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Stop' }));
  expect(recording.stopped).toBe(true);
  const path = `${DIR}/02/cassette.toml`;
  act(() => recording.emit({ type: 'finished', outcome: { kind: 'cancelled' }, path }));
  expect(await screen.findByText(path)).toBeVisible();
  expect(screen.getByText(/until then is kept/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Record with the live model' }));
  const again = await waitFor(() => platform.recordings[1]!);
  const outcome = { kind: 'exited', code: 1 } as const;
  act(() => again.emit({ type: 'finished', outcome, path: null }));
  expect(await screen.findByText(/Nothing was recorded/)).toBeVisible();
  expect(await seriousFindings()).toEqual([]);
});

test('a course of somebody else is not recorded into', async () => {
  const { user, platform } = await opened();
  platform.failNext('authorRecord', 'not_your_course');
  await user.click(screen.getByRole('tab', { name: 'Record' }));
  await user.click(screen.getByRole('button', { name: 'Record with the live model' }));
  expect((await screen.findAllByText(/not yours to record into/))[0]).toBeVisible();
  expect(screen.getByRole('button', { name: 'Record with the live model' })).toBeEnabled();
});

test('a key is made once, and what is packed then is signed and can be looked at', async () => {
  const onBundle = vi.fn();
  const { user } = await opened({}, onBundle);
  await user.click(screen.getByRole('tab', { name: 'Hand out' }));
  expect(await screen.findByRole('button', { name: 'Pack without a signature' })).toBeEnabled();
  await user.click(screen.getByRole('button', { name: 'Make a key' }));
  expect(await screen.findByText('hacourse-key-1:BBBB')).toBeInTheDocument();
  expect(screen.getByText('The keyring of this system keeps it.')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Make a key' })).not.toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Pack and sign' }));
  expect(await screen.findByText('Packed and signed')).toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Open it as a learner' }));
  expect(onBundle).toHaveBeenCalledWith(`${DIR}-1.0.0.hacourse`);
});

test('an older version is compared', async () => {
  const { user } = await opened();
  await user.click(screen.getByRole('tab', { name: 'Hand out' }));
  await user.type(await screen.findByRole('textbox', { name: /handed out before/ }), '/old{Enter}');
  expect(await screen.findByText('compared')).toBeInTheDocument();
});
