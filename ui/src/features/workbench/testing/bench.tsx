// biome-ignore-all lint/style/noRestrictedImports: this folder is tests, and tests hold the double
// A workbench as the lesson's page would hold it, over the in-memory platform.

import { screen, waitFor } from '@testing-library/react';
import { expect, vi } from 'vitest';
import type { CheckReport } from '../../../bindings/CheckReport';
import type { CheckResult } from '../../../bindings/CheckResult';
import type { RunNote } from '../../../bindings/RunNote';
import type { RunOutcome } from '../../../bindings/RunOutcome';
import type { RunReport } from '../../../bindings/RunReport';
import { useSettings } from '../../../lib/settings';
import { fakeLessonView } from '../../../testing/fake-course';
import { createFakePlatform, type FakePlatform } from '../../../testing/fake-platform';
import { renderPage } from '../../../testing/render';
import { Workbench } from '../Workbench';

// Without a layout everything stands at 0,0, where every click of a test is: the line between the
// panes would take the focus each time. It stands elsewhere here.
const rectOf = Element.prototype.getBoundingClientRect;
Element.prototype.getBoundingClientRect = function getBoundingClientRect() {
  const away = this.getAttribute('role') === 'separator';
  return away ? new DOMRect(-1000, -1000, 0, 0) : rectOf.call(this);
};

export function report(
  outcome: RunOutcome = { kind: 'exited', code: 0 },
  note: RunNote | null = null,
): RunReport {
  return {
    outcome,
    durationMs: 1.3,
    engine: 'wasm',
    timeoutS: 30,
    outputCap: 1024 * 1024,
    note,
    kept: true,
    traced: false,
  };
}

export function result(change: Partial<CheckResult>): CheckResult {
  return {
    id: 'rain',
    title: { zh: '下雨时带伞', en: 'Takes an umbrella in the rain' },
    kind: 'python',
    status: 'pass',
    outcome: { kind: 'exited', code: 0 },
    note: null,
    message: '',
    call: null,
    expected: null,
    got: null,
    ignored: [],
    output: '',
    durationMs: 1,
    ...change,
  };
}

export function checkReport(results: CheckResult[]): CheckReport {
  const passed = results.every(({ status }) => status === 'pass');
  return {
    results,
    passed,
    cancelled: false,
    durationMs: 2,
    state: passed ? 'passed' : 'started',
    kept: true,
  };
}

function Page(props: { lesson: string; entry?: string; onState: (state: string) => void }) {
  const { settings, update } = useSettings();
  const lesson = fakeLessonView(props.lesson, 'en');
  if (!lesson) throw new Error('no such lesson');
  const { entry } = props;
  const files = lesson.files.map((file) =>
    entry && file.path === lesson.entry ? { ...file, path: entry } : file,
  );
  return (
    <Workbench
      lesson={entry ? { ...lesson, entry, files } : lesson}
      settings={settings}
      language="en"
      onSettings={update}
      onStateChange={props.onState}
    />
  );
}

/** Renders the workbench of a lesson and waits for its editor. */
export async function openBench(
  platform: FakePlatform = createFakePlatform(),
  lesson: string = 'hello',
  entry?: string,
) {
  const onState = vi.fn();
  const page = renderPage(<Page lesson={lesson} entry={entry} onState={onState} />, platform);
  const editor = (await screen.findByRole('textbox', {
    name: /code editor/,
  })) as HTMLTextAreaElement;
  await waitFor(() => expect(editor.value).not.toBe(''));
  return { ...page, editor, onState };
}
