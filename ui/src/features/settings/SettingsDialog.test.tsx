// Settings hold at once, are stored, and say it when they could not be.

import { screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useSettings } from '../../lib/settings';
import { seriousFindings } from '../../testing/axe';
import { createFakePlatform } from '../../testing/fake-platform';
import { renderPage } from '../../testing/render';
import { healthReport } from './About';
import { SettingsDialog } from './SettingsDialog';

const open = (platform = createFakePlatform()) =>
  renderPage(<SettingsDialog open onClose={() => undefined} />, platform);

test('the languages of window and lessons are set apart', async () => {
  const { user, platform } = open();
  await user.selectOptions(screen.getByLabelText('Lessons'), '中文');
  await waitFor(() => expect(platform.settings.contentLanguage).toBe('zh'));
  expect(platform.settings.uiLanguage).toBeNull();
  await user.selectOptions(screen.getByLabelText('Window'), '中文');
  expect(await screen.findByRole('dialog', { name: '设置' })).toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
});

test('numbers are taken within their limits only', async () => {
  const { user, platform } = open();
  await user.click(screen.getByRole('tab', { name: 'Editor' }));
  const size = screen.getByLabelText('Font size');
  await user.clear(size);
  await user.type(size, '99');
  await user.tab();
  expect(size).toHaveValue(platform.settings.editorFontSize);
  await user.clear(size);
  await user.type(size, '18');
  await waitFor(() => expect(platform.settings.editorFontSize).toBe(18));
  expect(await seriousFindings()).toEqual([]);
});

test('the time limit of a run is stored', async () => {
  const { user, platform } = open();
  await user.click(screen.getByRole('tab', { name: 'Running' }));
  const limit = screen.getByLabelText('Time limit');
  await user.clear(limit);
  await user.type(limit, '5');
  await waitFor(() => expect(platform.settings.runTimeoutS).toBe(5));
});

test('a change that could not be stored holds, and says what happened', async () => {
  const platform = createFakePlatform();
  const { user } = open(platform);
  platform.failNext('settingsSet', 'store_full');
  await user.selectOptions(screen.getByLabelText('Colours'), 'Dark');
  expect(await screen.findByRole('alert')).toHaveTextContent('The disk is full');
  expect(screen.getByLabelText('Colours')).toHaveValue('dark');
  await user.selectOptions(screen.getByLabelText('Colours'), 'Light');
  await waitFor(() => expect(screen.queryByRole('alert')).not.toBeInTheDocument());
});

test('about: the report is shown and copied', async () => {
  const { user } = open();
  await user.click(screen.getByRole('tab', { name: 'About' }));
  expect(await screen.findByText('Everything works.')).toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Copy report' }));
  expect(await navigator.clipboard.readText()).toContain(
    'ok    engine:wasm  CPython 3.14  (1.2 ms)',
  );
});

test('a report marks what fails', () => {
  const part = { name: 'database', healthy: false, detail: 'locked', durationMs: 3 };
  expect(healthReport({ version: '1.0', healthy: false, parts: [part], pool: null })).toBe(
    'HelloAgents 1.0\nFAIL  database  locked  (3.0 ms)',
  );
});

/** Two places that each remember a size of their own. */
function Panes() {
  const { settings, update } = useSettings();
  return (
    <>
      <output>{JSON.stringify(settings.panes)}</output>
      <button type="button" onClick={() => update({ panes: { a: 1 } })}>
        a
      </button>
      <button type="button" onClick={() => update({ panes: { b: 2 } })}>
        b
      </button>
    </>
  );
}

test('an answer to an older change does not undo a newer one', async () => {
  const platform = createFakePlatform();
  const answers: (() => void)[] = [];
  vi.spyOn(platform, 'settingsSet').mockImplementation(
    (settings) => new Promise((answer) => answers.push(() => answer(settings))),
  );
  const { user } = renderPage(<Panes />, platform);
  await user.click(screen.getByText('a'));
  await user.click(screen.getByText('b'));
  answers[0]?.();
  await Promise.resolve();
  expect(screen.getByText('{"a":1,"b":2}')).toBeInTheDocument();
});
