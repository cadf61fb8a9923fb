// Stands in for platform/tauri.ts under `vite --mode fake`: the page over the in-memory platform,
// with a year of activity and programs that run as they would: two of them can be stepped through, in
// the lessons `tools` (a recursion) and `notes` (a loop). `?zh`, `?dark`, `?corrupt`, `?preparing` and
// `?fresh` in the address choose what to look at; `?tutor` gives a key and a conversation.

import type { ActivityDay } from '../bindings/ActivityDay';
import type { Recording } from '../bindings/Recording';
import type { Settings } from '../bindings/Settings';
import type { Platform } from '../platform/platform';
import {
  FACTORIAL,
  FACTORIAL_OUTPUT,
  factorialRecording,
  inspection,
  LOOP,
  LOOP_OUTPUT,
  loopRecording,
} from './fake-inspection';
import { createFakePlatform, type FakeOptions, type FakeRun } from './fake-platform';
import { AI, NO_SPENDING, talk } from './fake-tutor';

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

interface Program {
  text: string;
  output: string;
  recording: Recording | null;
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  notes: { text: LOOP, output: LOOP_OUTPUT, recording: loopRecording() },
  tools: { text: FACTORIAL, output: FACTORIAL_OUTPUT, recording: factorialRecording() },
};
const OTHER = { output: 'wait\n1: 晴 \u001b[32mok\u001b[0m\n', recording: null };

function onRun(run: FakeRun): void {
  const end = { kind: 'exited', code: 0 } as const;
  const { output, recording } = PROGRAMS[run.start.lesson.lesson] ?? OTHER;
  const inside = inspection(run.start.inspect === 'steps' ? { recording } : {});
  setTimeout(() => run.emit({ type: 'started', engine: 'wasm' }), 5);
  setTimeout(() => {
    run.emit(
      { type: 'stdout', text: output },
      { type: 'inspected', inspection: inside },
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
          traced: false,
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
    ...(asked.has('tutor') && {
      ai: {
        ...AI,
        spending: {
          ...NO_SPENDING,
          answers: 12,
          tokens: 48_000,
          amounts: [{ currency: 'CNY', value: 0.37 }],
        },
      },
      conversations: [talk()],
      chips: [
        { kind: 'section' as const, detail: 'Scoring tools', tokens: 300 },
        { kind: 'code' as const, detail: 'main.py, tools.py', tokens: 200 },
        { kind: 'run' as const, detail: "NameError: name 'wiat'", tokens: 90 },
        { kind: 'check' as const, detail: '0/1', tokens: 120 },
        { kind: 'cursor' as const, detail: 'main.py:2', tokens: 12 },
      ],
    }),
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
  for (const [lesson, { text }] of Object.entries(PROGRAMS)) {
    for (const file of fake.filesOf(lesson)) if (file.path === 'main.py') file.text = text;
  }
  fake.states.set('hello', 'passed').set('tools', 'started');
  return fake;
}
