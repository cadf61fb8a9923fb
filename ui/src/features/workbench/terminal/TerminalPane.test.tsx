// The terminal tab over a screen and a shell of the test's own: it opens with the lesson's files when it
// is first shown, sends keys in their order, never runs ahead of its screen, and closes with its page.

import { act, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { createFakePlatform } from '../../../testing/fake-platform';
import { fakePool, readyPool } from '../../../testing/fake-pool';
import { renderPage } from '../../../testing/render';
import type { ScreenEvents } from './screen';
import { TerminalPane } from './TerminalPane';

/** What stands in for xterm.js; `draw` is held back when a test says so. */
const seen = {
  text: '',
  events: null as ScreenEvents | null,
  disposed: 0,
  draw: () => Promise.resolve(),
};

vi.mock('./load', () => ({
  loadScreen: async () => (_host: HTMLElement, _look: unknown, events: ScreenEvents) => {
    seen.events = events;
    return {
      size: { rows: 24, columns: 80 },
      write: (text: string) => {
        seen.text += text;
        return seen.draw();
      },
      focus: () => undefined,
      dispose: () => {
        seen.disposed += 1;
      },
    };
  },
}));

beforeEach(() => {
  Object.assign(seen, { text: '', events: null, disposed: 0, draw: () => Promise.resolve() });
});

const LESSON = { course: 'first-agent', lesson: 'hello' };
const pane = (shown = true) => (
  <TerminalPane lesson={LESSON} files={() => [{ path: 'main.py', text: 'x' }]} shown={shown} />
);

async function open(platform = createFakePlatform({ pool: readyPool() })) {
  const page = renderPage(pane(), platform);
  await waitFor(() => expect(platform.terminals).toHaveLength(1));
  const [terminal] = platform.terminals;
  await waitFor(() => expect(terminal!.asked).toBe(1));
  return { ...page, terminal: terminal! };
}

test('it opens with the files of now, shows what the shell says and sends keys in order', async () => {
  const { terminal } = await open();
  expect(terminal.open).toMatchObject({
    lesson: LESSON,
    files: [{ path: 'main.py', text: 'x' }],
    rows: 24,
    columns: 80,
  });
  act(() => terminal.say('\u001b[1m你好\u001b[0m $ '));
  await waitFor(() => expect(seen.text).toBe('\u001b[1m你好\u001b[0m $ '));
  seen.events?.typed('l');
  seen.events?.typed('s\r');
  await waitFor(() => expect(terminal.typed).toEqual(['l', 's\r']));
  seen.events?.resized({ rows: 10, columns: 40 });
  await waitFor(() => expect(terminal.sizes).toEqual([[10, 40]]));
});

test('nothing opens before the tab is shown', async () => {
  const platform = createFakePlatform({ pool: readyPool() });
  renderPage(pane(false), platform);
  await act(async () => undefined);
  expect(platform.terminals).toHaveLength(0);
});

test('more is asked for only when what came is drawn', async () => {
  let drawn: () => void = () => undefined;
  seen.draw = () =>
    new Promise((resolve) => {
      drawn = resolve;
    });
  const { terminal } = await open();
  act(() => terminal.say('y\n'.repeat(1000)));
  await waitFor(() => expect(seen.text.length).toBe(2000));
  await act(async () => undefined);
  expect(terminal.asked).toBe(1);
  drawn();
  await waitFor(() => expect(terminal.asked).toBe(2));
});

test('a long paste goes in pieces, and one that is too long is said', async () => {
  const { terminal } = await open();
  const emoji = '😀'.repeat(8000);
  seen.events?.typed(`x${emoji}`);
  await waitFor(() => expect(terminal.typed.join('')).toBe(`x${emoji}`));
  expect(terminal.typed.length).toBeGreaterThan(1);
  expect(terminal.typed.every((piece) => /^x?(?:😀)*$/.test(piece))).toBe(true);
  act(() => seen.events?.typed('x'.repeat(1_000_001)));
  expect(screen.getByTestId('announcer')).toHaveTextContent('too long');
});

test('leaving the lesson closes the shell', async () => {
  const { terminal, unmount } = await open();
  unmount();
  expect(terminal.closed).toBe(true);
  expect(seen.disposed).toBe(1);
});

test('a shell that ended says how, and another one is opened on request', async () => {
  const { terminal, platform, user } = await open();
  act(() => terminal.say('logout\r\n', { kind: 'exited', code: 3 }));
  expect(await screen.findByText('The terminal ended with exit code 3.')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Open another' }));
  await waitFor(() => expect(platform.terminals).toHaveLength(2));
});

test('a shell that was lost says so', async () => {
  const { terminal } = await open();
  const error = { code: 'engine_lost' as const, message: 'somebody paused it', requestId: 'r' };
  act(() => terminal.say('', { kind: 'failed', error }));
  expect(await screen.findByText('somebody paused it')).toBeInTheDocument();
});

test('a terminal that cannot be opened says why', async () => {
  const platform = createFakePlatform({ pool: readyPool() });
  platform.failNext('terminalOpen', 'engine_unavailable', 'as many terminals are open');
  renderPage(pane(), platform);
  expect(await screen.findByText('as many terminals are open')).toBeInTheDocument();
});

test('without Docker the tab offers to start it, and opens once it is ready', async () => {
  const platform = createFakePlatform({ pool: fakePool({ state: 'down', detail: 'no socket' }) });
  const { user } = renderPage(pane(), platform);
  await user.click(await screen.findByRole('button', { name: 'Start the Docker engine' }));
  expect(platform.engineCalls).toEqual(['warm']);
  expect(platform.terminals).toHaveLength(0);
  platform.pool = readyPool();
  await waitFor(() => expect(platform.terminals).toHaveLength(1));
});

test('with the built-in engine alone the tab says where that is set', async () => {
  renderPage(pane(), createFakePlatform({ pool: fakePool(), settings: { engine: 'wasm' } }));
  expect(await screen.findByText(/which has no terminal/)).toBeInTheDocument();
});
