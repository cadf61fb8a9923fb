// What the learner wrote is never lost: saving, failing to save, reset, delete, history.

import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { createFakePlatform, fakeError } from '../../testing/fake-platform';
import { openBench, report } from './testing/bench';

vi.mock('./editor/load', () => ({ loadEditor: () => import('./testing/textarea-editor') }));

const tab = (name: RegExp) => screen.getByRole('tab', { name });
const STARTER = 'def decide(observation):\n    return "wait"\n\n\nprint(decide("rain"))\n';

async function choose(user: Awaited<ReturnType<typeof openBench>>['user'], item: RegExp) {
  await user.click(screen.getByRole('button', { name: 'More' }));
  await user.click(await screen.findByRole('menuitem', { name: item }));
}

describe('saving', () => {
  it('happens by itself, at blur, and before the window closes', async () => {
    const { user, platform, editor } = await openBench();
    await user.type(editor, 'a');
    await waitFor(() => expect(screen.getByText('Saved')).toBeVisible());
    expect(platform.saved.at(-1)?.file.text).toMatch(/a$/);
    await user.type(editor, 'b');
    await act(() => platform.close());
    expect(platform.saved.at(-1)?.file.text).toMatch(/ab$/);
  });

  it('says that it is saved already', async () => {
    const { user, editor } = await openBench();
    await user.click(editor);
    await user.keyboard('{Control>}s{/Control}');
    expect(await screen.findAllByText(/Already saved/)).not.toHaveLength(0);
  });

  it('stays a visible problem until it worked, with the text kept', async () => {
    const { user, platform, editor } = await openBench();
    const broken = vi.spyOn(platform, 'draftSave').mockRejectedValue(fakeError('store_full'));
    await user.type(editor, 'precious');
    const notice = await screen.findByText('Not saved: main.py');
    expect(notice).toBeVisible();
    expect(editor.value).toContain('precious');
    broken.mockRestore();
    await user.click(screen.getByRole('button', { name: 'Save now' }));
    await waitFor(() => expect(screen.queryByText('Not saved: main.py')).toBeNull());
    expect(platform.filesOf('hello')[0]?.text).toContain('precious');
  });

  it('brings an unsaved text back when the lesson is opened again', async () => {
    const { user, platform, editor, unmount } = await openBench();
    vi.spyOn(platform, 'draftSave').mockRejectedValue(fakeError('store_full'));
    await user.type(editor, 'precious');
    unmount();
    await act(async () => {});
    const again = await openBench(platform);
    expect(again.editor.value).toContain('precious');
  });
});

describe('files', () => {
  it('can be added and deleted, and deleting can be undone', async () => {
    const { user, platform, editor } = await openBench();
    await user.click(screen.getByRole('button', { name: 'New file' }));
    await user.type(screen.getByLabelText('Name of the new file'), 'main.py');
    expect(screen.getByText('There is already a file of this name.')).toBeVisible();
    await user.clear(screen.getByLabelText('Name of the new file'));
    await user.type(screen.getByLabelText('Name of the new file'), 'helper{Enter}');
    expect(tab(/helper.py/)).toHaveAttribute('aria-selected', 'true');
    await user.type(editor, 'x = 1');
    await choose(user, /Delete helper.py/);
    await waitFor(() => expect(screen.queryByRole('tab', { name: /helper.py/ })).toBeNull());
    expect(tab(/main.py/)).toHaveAttribute('aria-selected', 'true');
    expect(platform.filesOf('hello').map(({ path }) => path)).not.toContain('helper.py');
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(tab(/helper.py/)).toBeVisible());
  });

  it('of the lesson’s data are read only', async () => {
    const { user, editor } = await openBench();
    await user.click(tab(/weather.csv, read only/));
    expect(editor).toHaveValue('day,weather\n1,rain\n');
    expect(editor.readOnly).toBe(true);
  });

  it('are walked with the arrow keys', async () => {
    const { user } = await openBench();
    await user.click(tab(/main.py/));
    await user.keyboard('{ArrowRight}');
    expect(tab(/tools.py/)).toHaveFocus();
    expect(tab(/tools.py/)).toHaveAttribute('aria-selected', 'true');
  });
});

describe('reset', () => {
  it('goes back to the starter and can be undone until the next edit', async () => {
    const { user, platform, editor } = await openBench();
    await user.clear(editor);
    await user.type(editor, 'mine');
    await choose(user, /Reset to the starter/);
    await waitFor(() => expect(editor).toHaveValue(STARTER));
    expect(platform.history[0]?.files[0]?.text).toBe('mine');
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(editor).toHaveValue('mine'));
    expect(platform.filesOf('hello')[0]?.text).toBe('mine');
  });

  it('offers the last passing version only when there is one', async () => {
    const { user } = await openBench();
    await user.click(screen.getByRole('button', { name: 'More' }));
    const item = await screen.findByRole('menuitem', { name: /last version that passed/ });
    expect(item).toHaveAttribute('aria-disabled', 'true');
  });

  it('changes nothing when what would be thrown away cannot be kept', async () => {
    const { user, platform, editor } = await openBench();
    vi.spyOn(platform, 'draftSave').mockRejectedValue(fakeError('store_full'));
    await user.type(editor, 'mine');
    await choose(user, /Reset to the starter/);
    expect(await screen.findByText('Not saved: main.py')).toBeVisible();
    expect(editor.value).toContain('mine');
    expect(platform.history).toHaveLength(0);
  });
});

describe('history', () => {
  it('teaches while it is empty', async () => {
    const { user } = await openBench();
    await user.click(tab(/History/));
    expect(await screen.findByText('No history yet')).toBeVisible();
  });

  it('compares a version with now and puts it back', async () => {
    const platform = createFakePlatform();
    const { user, editor } = await openBench(platform);
    await user.clear(editor);
    await user.type(editor, 'old');
    await choose(user, /Reset to the starter/);
    await waitFor(() => expect(editor).toHaveValue(STARTER));
    await user.click(tab(/History/));
    await user.click(await screen.findByRole('button', { name: /Set aside/ }));
    await waitFor(() =>
      expect(screen.getByTestId('diff')).toHaveTextContent('main.py - old + def'),
    );
    await user.click(screen.getByRole('button', { name: 'Restore these files' }));
    await waitFor(() => expect(editor).toHaveValue('old'));
    expect(screen.queryByTestId('diff')).toBeNull();
    expect(screen.getByRole('button', { name: 'Undo' })).toBeVisible();
  });
});

describe('output', () => {
  it('is saved as a whole and says where', async () => {
    const { user, platform } = await openBench();
    const save = vi.spyOn(platform, 'outputSave');
    await user.click(screen.getByRole('button', { name: 'Run' }));
    const long = 'x'.repeat(9000);
    act(() =>
      platform.runs[0]?.emit(
        { type: 'stdout', text: `${long}\n` },
        { type: 'finished', report: report() },
      ),
    );
    expect(screen.getByText(/5,000 more characters on this line/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Save the output as a file' }));
    expect(save).toHaveBeenCalledWith({ course: 'first-agent', lesson: 'hello' }, `${long}\n`);
    expect(await screen.findAllByText(/Saved as .*hello-output.txt/)).not.toHaveLength(0);
  });
});

describe('a lesson in another language', () => {
  it('has its own ending for new files and shows no inside, which only Python has', async () => {
    const { user } = await openBench(createFakePlatform(), 'hello', 'main.js');
    expect(screen.queryByRole('button', { name: /Step through/ })).toBeNull();
    for (const name of [/Variables/, /Steps/]) {
      expect(screen.queryByRole('tab', { name })).toBeNull();
    }
    await user.click(screen.getByRole('button', { name: 'New file' }));
    await user.type(screen.getByLabelText('Name of the new file'), 'tool{Enter}');
    expect(tab(/tool.js/)).toHaveAttribute('aria-selected', 'true');
  });
});
