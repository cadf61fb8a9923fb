// The real platform over a mocked shell: names and arguments of commands, channels, errors, close.

import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, expect, test, vi } from 'vitest';
import type { RunStart } from '../bindings/RunStart';
import { ApiError } from '../lib/api-error';
import { shellPlatform } from './tauri';

type Call = [command: string, args: unknown];

/** Answers every command with `answer` and keeps what was asked. */
function shell(answer: (command: string, args: unknown) => unknown = () => null): Call[] {
  const calls: Call[] = [];
  mockIPC(
    (command, args) => {
      calls.push([command, args]);
      return answer(command, args);
    },
    { shouldMockEvents: true },
  );
  return calls;
}

afterEach(clearMocks);

const LESSON = { course: 'c', lesson: 'l' };

test('commands carry their names and arguments', async () => {
  const calls = shell();
  const platform = shellPlatform();
  await platform.lessonOpen(LESSON, 'zh');
  await platform.draftSave(LESSON, { path: 'main.py', text: '1' });
  await platform.runInput('id', '你好');
  await platform.codeCheck({ lesson: LESSON, files: [] });
  await platform.openExternal('https://example.org/');
  expect(calls).toEqual([
    ['lesson_open', { lesson: LESSON, language: 'zh' }],
    ['draft_save', { lesson: LESSON, file: { path: 'main.py', text: '1' } }],
    ['run_input', { runId: 'id', line: '你好' }],
    ['code_check', { question: { lesson: LESSON, files: [] } }],
    ['open_external', { url: 'https://example.org/' }],
  ]);
});

test('a rejection is an ApiError with its code', async () => {
  shell(() => Promise.reject({ code: 'store_full', message: 'disk', requestId: 'r' }));
  const failure = await shellPlatform()
    .home()
    .catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({ code: 'store_full', requestId: 'r' });
});

test('a run streams batches over its channel', async () => {
  const calls = shell();
  const batches: unknown[] = [];
  const start: RunStart = {
    runId: 'id',
    lesson: LESSON,
    files: [],
    before: [],
    inspect: 'variables',
    keep: true,
    faults: [],
    fork: null,
  };
  await shellPlatform().runStart(start, (events) => batches.push(events));
  const { channel } = calls[0]![1] as { channel: { id: number } };
  const internals = (
    window as unknown as { __TAURI_INTERNALS__: { runCallback(id: number, data: unknown): void } }
  ).__TAURI_INTERNALS__;
  internals.runCallback(channel.id, { index: 0, message: [{ type: 'stdout', text: 'a' }] });
  expect(calls[0]?.[0]).toBe('run_start');
  expect(batches).toEqual([[{ type: 'stdout', text: 'a' }]]);
});

test('closing waits for every flush, and a failing one does not keep the window', async () => {
  const calls = shell();
  const platform = shellPlatform();
  const flushed = vi.fn();
  platform.onClose(async () => flushed('first'));
  platform.onClose(() => Promise.reject(new Error('disk')));
  const leave = platform.onClose(async () => flushed('gone'));
  leave();
  await emit('close-requested');
  await vi.waitFor(() => expect(calls.map(([command]) => command)).toContain('close_ready'));
  expect(flushed.mock.calls).toEqual([['first']]);
});

test('with nothing to save the window closes at once', async () => {
  const calls = shell();
  shellPlatform();
  await emit('close-requested');
  await vi.waitFor(() => expect(calls).toEqual([['close_ready', {}]]));
});

test('the engine is heard until the listener leaves', async () => {
  shell();
  const heard: string[] = [];
  const leave = shellPlatform().onEngine(({ status }) => heard.push(status));
  await emit('engine', { name: 'wasm', status: 'ready', detail: '' });
  await vi.waitFor(() => expect(heard).toEqual(['ready']));
  leave();
  await Promise.resolve();
  await emit('engine', { name: 'wasm', status: 'unavailable', detail: '' });
  expect(heard).toEqual(['ready']);
});
