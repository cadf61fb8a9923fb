// The engines in Settings: the choice is stored, Docker says how it stands and can be started, waited
// for and given back, an image is taken from a file, and the pool's numbers are shown.

import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { seriousFindings } from '../../testing/axe';
import { createFakePlatform } from '../../testing/fake-platform';
import { fakePool, readyPool } from '../../testing/fake-pool';
import { renderPage } from '../../testing/render';
import { SettingsDialog } from './SettingsDialog';

const open = (platform = createFakePlatform({ pool: fakePool() })) =>
  renderPage(<SettingsDialog open first="engine" onClose={() => undefined} />, platform);

async function show(platform = createFakePlatform({ pool: fakePool() })) {
  const page = open(platform);
  await page.user.click(screen.getByRole('tab', { name: 'Engine' }));
  await screen.findByRole('list', { name: 'The engines' });
  return page;
}

test('engine and number of containers are stored', async () => {
  const { user, platform } = await show();
  await user.selectOptions(screen.getByLabelText('What runs programs'), 'Docker');
  await waitFor(() => expect(platform.settings.engine).toBe('docker'));
  const most = screen.getByLabelText('Containers at most');
  await user.clear(most);
  await user.type(most, '99');
  await user.clear(most);
  await user.type(most, '5');
  await waitFor(() => expect(platform.settings.poolSize).toBe(5));
});

test('an engine that is started says what it does and how far it is, and may be given up', async () => {
  const { user, platform } = await show();
  await user.click(await screen.findByRole('button', { name: 'Start the Docker engine' }));
  expect(platform.engineCalls).toEqual(['warm']);
  platform.pool = fakePool({
    state: 'connecting',
    detail: 'loading the image of the sandbox',
    percent: 42,
  });
  const bar = await screen.findByRole('progressbar', { name: 'Loading the image of the sandbox' });
  expect(bar).toHaveValue(42);
  expect(screen.getByText('42%')).toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(platform.engineCalls).toEqual(['warm', 'rest']);
});

test('an engine that is down says why and when it is tried again', async () => {
  const reason = 'no Docker engine answers: permission denied';
  await show(
    createFakePlatform({ pool: fakePool({ state: 'down', detail: reason, retryInMs: 4000 }) }),
  );
  expect(await screen.findByText(reason)).toBeInTheDocument();
  expect(screen.getByText(/tried again by itself, 4 s apart/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Start the Docker engine' })).toBeEnabled();
});

test('a start that fails is said', async () => {
  const { user, platform } = await show();
  platform.failNext('engineWarm', 'internal');
  await user.click(await screen.findByRole('button', { name: 'Start the Docker engine' }));
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});

test('diagnostics show what the pool has done and how long it took', async () => {
  const { user } = await show(createFakePlatform({ pool: readyPool() }));
  expect(await screen.findByText(/Docker 20\.10\.24 \(API 1\.41/)).toBeInTheDocument();
  await user.click(screen.getByText('Diagnostics: the pool of containers'));
  const row = screen.getByRole('row', { name: /Whole program/ });
  expect(
    within(row)
      .getAllByRole('cell')
      .map((cell) => cell.textContent),
  ).toEqual(['1.3', '4.0', '12']);
  expect(screen.getByRole('row', { name: /Making a container none yet/ })).toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
});

test('an image is taken from a file, and can be left again', async () => {
  const { user, platform } = await show();
  const file = new File([new Uint8Array([0x28, 0xb5, 0x2f, 0xfd])], 'python.tar.zst');
  await user.upload(screen.getByTestId('image-file'), file);
  expect(await screen.findByText(/In use: .*chosen\.tar\.zst/)).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Use it no more' }));
  await waitFor(() => expect(platform.engineCalls).toEqual(['image 4', 'image 0']));
  await waitFor(() => expect(screen.queryByText(/In use:/)).not.toBeInTheDocument());
});

test('a file that is no image is refused in words', async () => {
  const { user, platform } = await show();
  platform.failNext('engineImage', 'invalid_request', 'this is no image packed as .tar.zst');
  await user.upload(screen.getByTestId('image-file'), new File(['text'], 'a.zst'));
  expect(await screen.findByText('this is no image packed as .tar.zst')).toBeInTheDocument();
});

test('with the built-in engine alone nobody is offered Docker', async () => {
  await show(createFakePlatform({ pool: fakePool(), settings: { engine: 'wasm' } }));
  expect(screen.queryByRole('button', { name: 'Start the Docker engine' })).toBeNull();
});
