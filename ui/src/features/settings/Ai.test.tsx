// The AI service in the settings: the key is entered once and never shown, the test says how it is.

import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { seriousFindings } from '../../testing/axe';
import { createFakePlatform } from '../../testing/fake-platform';
import { AI } from '../../testing/fake-tutor';
import { renderPage } from '../../testing/render';
import { SettingsDialog } from './SettingsDialog';

const open = (platform = createFakePlatform()) =>
  renderPage(<SettingsDialog open first="ai" onClose={() => undefined} />, platform);

test('a key is entered once, kept, and never shown again', async () => {
  const { user, platform } = open();
  const field = screen.getByLabelText('Key');
  expect(field).toHaveAttribute('type', 'password');
  await user.type(field, 'sk-secret{Enter}');
  await waitFor(() => expect(platform.keys).toEqual(['sk-secret']));
  expect(
    await screen.findByText("Kept in your system's keyring.", { selector: 'p' }),
  ).toBeVisible();
  expect(field).toHaveValue('');
  expect(document.body).not.toHaveTextContent('sk-secret');
  expect(JSON.stringify(platform.settings)).not.toContain('sk-secret');
  await user.click(screen.getByRole('button', { name: 'Forget' }));
  expect(await screen.findByText(/From the service's page/, { selector: 'p' })).toBeVisible();
  expect(await seriousFindings()).toEqual([]);
});

test('without a keyring it says that the key goes with the app', async () => {
  open(createFakePlatform({ ai: { ...AI, key: 'session' } }));
  expect(await screen.findByText(/no keyring that answers/)).toBeVisible();
});

test('the test tells speed, models and balance, or why not', async () => {
  const platform = createFakePlatform({ ai: AI });
  const { user } = open(platform);
  await user.click(screen.getByRole('button', { name: 'Does it work?' }));
  expect(await screen.findByText('It works: answered in 84 ms.', { selector: 'p' })).toBeVisible();
  expect(screen.getByText('Left on the account: ¥12.50')).toBeVisible();
  platform.failNext('aiTest', 'ai_key_refused');
  await user.click(screen.getByRole('button', { name: 'Does it work?' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('The service refused the key (401)');
});

test('service, cap and way of teaching are stored; half an address is not', async () => {
  const { user, platform } = open();
  await user.selectOptions(screen.getByLabelText('Service'), 'Ollama');
  await waitFor(() => expect(platform.settings.ai.provider).toBe('ollama'));
  await user.selectOptions(screen.getByLabelText('Way of teaching'), 'Says it plainly');
  await waitFor(() => expect(platform.settings.ai.style).toBe('direct'));
  const address = screen.getByLabelText('Address');
  await user.type(address, 'http://localhost:1');
  expect(platform.settings.ai.baseUrl).toBe('');
  await user.tab();
  await waitFor(() => expect(platform.settings.ai.baseUrl).toBe('http://localhost:1'));
});

test('the price table is changed and set back', async () => {
  const { user } = open();
  await user.click(screen.getByText('Price table'));
  const table = await screen.findByRole('textbox', { name: 'Price table' });
  await waitFor(() => expect(table).toHaveTextContent('deepseek-flash'));
  await user.clear(table);
  await user.type(table, '# mine');
  await user.click(screen.getByRole('button', { name: 'Use these prices' }));
  expect(await screen.findByText('These prices hold now.')).toBeVisible();
  expect(table).toHaveValue('# mine');
  await user.click(screen.getByRole('button', { name: 'Back to the published ones' }));
  await waitFor(() => expect(table).not.toHaveValue('# mine'));
});
