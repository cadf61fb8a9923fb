// The registry and the keyboard: keys reach the newest matching command, and never steal typing.

import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { useKeyboard } from '../app/keys';
import { allCommands, type Command, useCommands } from './commands';
import { keyOf, keyParts } from './key-names';

const command = (over: Partial<Command>): Command => ({
  id: 'test.one',
  label: 'common:cancel',
  group: 'general',
  perform: () => undefined,
  ...over,
});

function Page({ commands }: { commands: Command[] }) {
  useKeyboard();
  useCommands(commands);
  return <input aria-label="field" />;
}

test.each([
  [{ key: 'Enter', ctrlKey: true }, 'Mod+Enter'],
  [{ key: 'Enter', ctrlKey: true, shiftKey: true }, 'Mod+Shift+Enter'],
  [{ key: 'k', ctrlKey: true }, 'Mod+K'],
  [{ key: ',', ctrlKey: true }, 'Mod+Comma'],
  [{ key: '?', shiftKey: true }, '?'],
  [{ key: '？', shiftKey: true }, '?'],
  [{ key: 'N' }, 'n'],
  [{ key: 'F6', shiftKey: true }, 'Shift+F6'],
  [{ key: '2', ctrlKey: true, altKey: true }, 'Mod+Alt+2'],
])('%o is %s', (init, name) => {
  expect(keyOf(new KeyboardEvent('keydown', init))).toBe(name);
});

test('keys are shown as the keyboard names them', () => {
  expect(keyParts('Mod+Shift+Enter')).toEqual(['Ctrl', 'Shift', '↵']);
  expect(keyParts('n')).toEqual(['N']);
});

test('a key performs its command; a letter in a text field is only a letter', async () => {
  const user = userEvent.setup();
  const perform = vi.fn();
  render(<Page commands={[command({ key: 'n', perform })]} />);
  await user.keyboard('n');
  expect(perform).toHaveBeenCalledTimes(1);
  await user.type(screen.getByRole('textbox'), 'nn');
  expect(perform).toHaveBeenCalledTimes(1);
  expect(screen.getByRole('textbox')).toHaveValue('nn');
});

test('a key with Ctrl works while typing', async () => {
  const user = userEvent.setup();
  const perform = vi.fn();
  render(<Page commands={[command({ key: 'Mod+Enter', perform })]} />);
  await user.type(screen.getByRole('textbox'), 'a{Control>}{Enter}{/Control}');
  expect(perform).toHaveBeenCalledTimes(1);
});

test('a command that says no lets the key pass to the one before it', async () => {
  const user = userEvent.setup();
  const [first, second] = [vi.fn(), vi.fn()];
  render(
    <Page
      commands={[
        command({ id: 'a', key: 'Escape', perform: first }),
        command({ id: 'b', key: 'Escape', perform: second, when: () => false }),
      ]}
    />,
  );
  await user.keyboard('{Escape}');
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 0]);
});

test('what floats above the page keeps its keys', async () => {
  const user = userEvent.setup();
  const perform = vi.fn();
  render(
    <>
      <Page commands={[command({ key: 'n', perform })]} />
      <div role="dialog" />
    </>,
  );
  await user.keyboard('n');
  expect(perform).not.toHaveBeenCalled();
});

test('commands go when their component goes, and the newest function is called', async () => {
  const user = userEvent.setup();
  const [old, fresh] = [vi.fn(), vi.fn()];
  const view = render(<Page commands={[command({ key: 'n', perform: old })]} />);
  view.rerender(<Page commands={[command({ key: 'n', perform: fresh })]} />);
  await user.keyboard('n');
  expect([old.mock.calls.length, fresh.mock.calls.length]).toEqual([0, 1]);
  view.unmount();
  expect(allCommands()).toEqual([]);
});
