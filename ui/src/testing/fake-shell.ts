// Stands in for platform/tauri.ts under `vite --mode fake`: the page over the in-memory platform,
// with a year of activity and a program that counts. `?zh`, `?dark`, `?corrupt`, `?preparing` and
// `?fresh` in the address choose what to look at.

import type { ActivityDay } from '../bindings/ActivityDay';
import type { Settings } from '../bindings/Settings';
import type { Platform } from '../platform/platform';
import { createFakePlatform, type FakeOptions, type FakeRun } from './fake-platform';

const asked = new URLSearchParams(window.location.search);

function activity(): ActivityDay[] {
  const days: ActivityDay[] = [];
  for (let back = 360; back >= 0; back--) {
    const runs = (back * 37) % 11 > 6 ? (back * 13) % 31 : 0;
    const day = new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
    if (runs > 0) days.push({ day, runs, passed: runs % 4 });
  }
  return days;
}

function onRun(run: FakeRun): void {
  const end = { kind: 'exited', code: 0 } as const;
  setTimeout(() => run.emit({ type: 'started', engine: 'wasm' }), 5);
  setTimeout(() => {
    run.emit(
      { type: 'stdout', text: 'wait\n1: 晴 \u001b[32mok\u001b[0m\n' },
      {
        type: 'finished',
        report: {
          outcome: end,
          durationMs: 12,
          engine: 'wasm',
          timeoutS: 30,
          outputCap: 1_000_000,
          note: null,
          kept: true,
        },
      },
    );
  }, 300);
}

function options(): FakeOptions {
  const settings: Partial<Settings> = { theme: asked.has('dark') ? 'dark' : 'light' };
  return {
    systemLanguage: asked.has('zh') ? 'zh' : 'en',
    settings,
    onRun,
    ...(asked.has('preparing') && {
      engine: { name: 'wasm', status: 'preparing', detail: 'compiling 35 MB' },
    }),
    ...(asked.has('corrupt') && {
      store: {
        state: 'unavailable',
        code: 'store_corrupt',
        path: '/home/ada/.local/share/helloagents/learner.db',
        detail: 'database disk image is malformed',
      },
    }),
    ...(!asked.has('fresh') && {
      home: {
        activity: activity(),
        resume: {
          lesson: { course: 'first-agent', lesson: 'tools' },
          lessonTitle: { zh: '工具', en: 'Tools' },
          courseTitle: { zh: '第一个智能体', en: 'Your First Agent' },
          openedAt: Date.now(),
        },
      },
    }),
  };
}

export function shellPlatform(): Platform {
  const fake = createFakePlatform(options());
  fake.states.set('hello', 'passed').set('tools', 'started');
  return fake;
}
