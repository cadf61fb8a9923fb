// Nothing typed is lost: timing, order, failure, and leaving in the middle.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileText } from '../../../bindings/FileText';
import type { LessonRef } from '../../../bindings/LessonRef';
import { ApiError } from '../../../lib/api-error';
import { DraftSaver, RETRY_MS } from './draft-saver';

const lesson: LessonRef = { course: 'c', lesson: 'l' };
const full = new ApiError({ code: 'store_full', message: 'no space', requestId: 'r' });

function saver(save: (file: FileText) => Promise<void> = async () => undefined) {
  const stored: string[] = [];
  const drafts = new DraftSaver(async (_lesson, file) => {
    await save(file);
    stored.push(file.text);
  });
  return { drafts, stored };
}

describe('DraftSaver', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('saves within 300 ms of the last key', async () => {
    const { drafts, stored } = saver();
    drafts.changed(lesson, 'main.py', 'a');
    expect(drafts.state().kind).toBe('pending');
    await vi.advanceTimersByTimeAsync(300);
    expect(stored).toEqual(['a']);
    expect(drafts.state().kind).toBe('saved');
  });

  it('saves within 500 ms while the learner never stops typing', async () => {
    const { drafts, stored } = saver();
    for (let key = 0; key < 10; key += 1) {
      drafts.changed(lesson, 'main.py', 'x'.repeat(key + 1));
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(stored.length).toBeGreaterThan(0);
  });

  it('saves at once when asked, and answers that everything is stored', async () => {
    const { drafts, stored } = saver();
    drafts.changed(lesson, 'main.py', 'a');
    expect(await drafts.flush()).toBe(true);
    expect(stored).toEqual(['a']);
  });

  it('never lets an older text arrive after a newer one', async () => {
    let release = () => {};
    const gate = new Promise<void>((open) => {
      release = open;
    });
    const { drafts, stored } = saver(({ text }) => (text === 'old' ? gate : Promise.resolve()));
    drafts.changed(lesson, 'main.py', 'old');
    const first = drafts.flush();
    drafts.changed(lesson, 'main.py', 'new');
    const second = drafts.flush();
    expect(stored).toEqual([]);
    release();
    await Promise.all([first, second]);
    expect(stored).toEqual(['old', 'new']);
    expect(drafts.state().kind).toBe('saved');
  });

  it('keeps a text that could not be saved, says so, and tries again by itself', async () => {
    let broken = true;
    const { drafts, stored } = saver(async () => {
      if (broken) throw full;
    });
    drafts.changed(lesson, 'main.py', 'a');
    expect(await drafts.flush()).toBe(false);
    expect(drafts.state()).toEqual({ kind: 'failed', error: full, paths: ['main.py'] });
    expect(drafts.unsaved(lesson)).toEqual([{ path: 'main.py', text: 'a' }]);
    broken = false;
    await vi.advanceTimersByTimeAsync(RETRY_MS);
    expect(stored).toEqual(['a']);
    expect(drafts.state().kind).toBe('saved');
  });

  it('gives a lesson back only its own unsaved texts', async () => {
    const { drafts } = saver(async () => {
      throw full;
    });
    drafts.changed(lesson, 'main.py', 'mine');
    drafts.changed({ course: 'c', lesson: 'other' }, 'main.py', 'theirs');
    await drafts.flush();
    expect(drafts.unsaved(lesson)).toEqual([{ path: 'main.py', text: 'mine' }]);
  });

  it('settles one lesson: what is on its way arrives, the others are left alone', async () => {
    const { drafts, stored } = saver();
    drafts.changed(lesson, 'main.py', 'mine');
    drafts.changed({ course: 'c', lesson: 'other' }, 'main.py', 'theirs');
    await drafts.settle(lesson);
    expect(stored).toEqual(['mine']);
    expect(drafts.unsaved(lesson)).toEqual([]);
  });

  it('does not bring a deleted file back', async () => {
    const { drafts, stored } = saver();
    drafts.changed(lesson, 'own.py', 'a');
    drafts.forget(lesson, 'own.py');
    await vi.advanceTimersByTimeAsync(1000);
    expect(stored).toEqual([]);
  });
});
