// The workbench by machine: names, roles and states in each of the pictures it can show.

import { act, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { seriousFindings } from '../../testing/axe';
import { createFakePlatform } from '../../testing/fake-platform';
import { checkReport, openBench, report, result } from './testing/bench';

vi.mock('./editor/load', () => ({ loadEditor: () => import('./testing/textarea-editor') }));

it('has nothing serious for axe while it is empty, asks, failed, and was checked', async () => {
  const { user, platform } = await openBench(createFakePlatform());
  expect(await seriousFindings()).toEqual([]);

  await user.click(screen.getByRole('button', { name: 'Run' }));
  act(() =>
    platform.runs[0]?.emit(
      { type: 'stderr', text: '  File "main.py", line 2, in f\nKeyError: 1\n' },
      { type: 'stdout', text: 'name? ' },
      { type: 'needsInput' },
    ),
  );
  expect(await seriousFindings()).toEqual([]);
  act(() =>
    platform.runs[0]?.emit({ type: 'finished', report: report({ kind: 'exited', code: 1 }) }),
  );
  await user.click(screen.getByRole('button', { name: 'Check' }));
  const fail = result({ status: 'fail', call: 'f()', expected: '1', got: null, output: 'x\n' });
  act(() => platform.checks[0]?.emit({ type: 'finished', report: checkReport([fail]) }));
  expect(await seriousFindings()).toEqual([]);

  await user.click(screen.getByRole('button', { name: 'New file' }));
  await user.click(screen.getByRole('tab', { name: /History/ }));
  expect(await seriousFindings()).toEqual([]);
}, 20_000);
