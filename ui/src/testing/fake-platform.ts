// A whole platform in memory, for tests and for looking at the page without the shell.
// Runs and checks say only what a script makes them say; everything else behaves as the core
// promises: drafts are kept, resets leave a snapshot, stale ids are refused.

import type { AiProbe } from '../bindings/AiProbe';
import type { AiState } from '../bindings/AiState';
import type { Boot } from '../bindings/Boot';
import type { CheckEvent } from '../bindings/CheckEvent';
import type { CheckStart } from '../bindings/CheckStart';
import type { Chip } from '../bindings/Chip';
import type { CodeCheck } from '../bindings/CodeCheck';
import type { CodeFinding } from '../bindings/CodeFinding';
import type { Engine } from '../bindings/Engine';
import type { ErrorCode } from '../bindings/ErrorCode';
import type { ErrorExplanation } from '../bindings/ErrorExplanation';
import type { ErrorQuestion } from '../bindings/ErrorQuestion';
import type { FilesChanged } from '../bindings/FilesChanged';
import type { FileText } from '../bindings/FileText';
import type { HistoryDetail } from '../bindings/HistoryDetail';
import type { Home } from '../bindings/Home';
import type { LessonFile } from '../bindings/LessonFile';
import type { LessonHit } from '../bindings/LessonHit';
import type { LessonRef } from '../bindings/LessonRef';
import type { LessonRights } from '../bindings/LessonRights';
import type { LessonSolution } from '../bindings/LessonSolution';
import type { LessonState } from '../bindings/LessonState';
import type { Pool } from '../bindings/Pool';
import type { QuestionAnswer } from '../bindings/QuestionAnswer';
import type { QuestionView } from '../bindings/QuestionView';
import type { RunEvent } from '../bindings/RunEvent';
import type { RunStart } from '../bindings/RunStart';
import type { Settings } from '../bindings/Settings';
import type { StarterChoice } from '../bindings/StarterChoice';
import type { StarterUpdate } from '../bindings/StarterUpdate';
import type { StoreState } from '../bindings/StoreState';
import type { Trace } from '../bindings/Trace';
import type { TutorConversation } from '../bindings/TutorConversation';
import type { TutorHit } from '../bindings/TutorHit';
import { ApiError } from '../lib/api-error';
import type { Platform } from '../platform/platform';
import { COURSE, fakeLessonText, fakeLessonView, fakeTree } from './fake-course';
import { type FakeShelf, type FakeShelfOptions, fakeShelf } from './fake-shelf';
import { FakeTerminal } from './fake-terminal';
import { type FakeAsk, fakeAsk, NO_AI } from './fake-tutor';

/** A started run or check, as the test drives it. */
export interface FakeStream<Start, Event> {
  readonly start: Start;
  readonly inputs: string[];
  inputEnded: boolean;
  cancelled: boolean;
  /** Delivers events as one batch, as the channel does. */
  emit(...events: Event[]): void;
}
export type FakeRun = FakeStream<RunStart, RunEvent>;
export type FakeCheck = FakeStream<CheckStart, CheckEvent>;

export interface FakeOptions {
  systemLanguage?: Boot['systemLanguage'];
  settings?: Partial<Settings>;
  rights?: Partial<LessonRights>;
  store?: StoreState;
  engine?: Engine;
  pool?: Pool;
  home?: Partial<Home>;
  /** What a run does by itself; without it the test emits. */
  onRun?: (run: FakeRun) => void;
  onCheck?: (check: FakeCheck) => void;
  /** What code is about to use; without it, nothing. */
  onCode?: (question: CodeCheck) => CodeFinding[];
  /** What an error means; without it, nothing is known. */
  onSolution?: () => LessonSolution;
  onExplain?: (question: ErrorQuestion) => ErrorExplanation;
  ai?: AiState;
  probe?: AiProbe;
  conversations?: TutorConversation[];
  chips?: Chip[];
  hits?: TutorHit[];
  /** What is found in the texts, whatever is typed. */
  passages?: LessonHit[];
  questions?: QuestionView[];
  /** Whether an answer is right; without it, each is. */
  onAnswer?: (question: string, answer: QuestionAnswer) => boolean;
  /** Starters that an update replaced. */
  updates?: StarterUpdate[];
  shelf?: FakeShelfOptions;
  /** Traces of older runs, by their ids. */
  traces?: Record<string, Trace>;
  onInput?: (run: FakeRun, line: string) => void;
  onCancel?: (stream: FakeRun | FakeCheck) => void;
}

export interface FakePlatform extends Platform, FakeShelf {
  /** What was searched for. */
  readonly searches: string[];
  readonly answers: { question: string; answer: QuestionAnswer }[];
  updates: StarterUpdate[];
  readonly settled: { path: string; choice: StarterChoice }[];
  readonly runs: FakeRun[];
  readonly checks: FakeCheck[];
  /** Questions to the tutor. */
  readonly asks: FakeAsk[];
  /** Keys that were entered. */
  readonly keys: string[];
  conversations: TutorConversation[];
  readonly terminals: FakeTerminal[];
  /** The engine of containers; a test puts it into a state. */
  pool: Pool | null;
  image: string | null;
  /** What was asked of that engine. */
  readonly engineCalls: string[];
  readonly opened: string[];
  /** Lessons whose text was asked for ahead. */
  readonly foreseen: string[];
  readonly saved: { lesson: LessonRef; file: FileText }[];
  readonly history: HistoryDetail[];
  settings: Settings;
  /** Of every lesson. A test may change them behind the page's back. */
  rights: LessonRights;
  store: StoreState;
  states: Map<string, LessonState>;
  /** The learner's files of one lesson as the store holds them now. */
  filesOf(lesson: string): LessonFile[];
  setEngine(engine: Engine): void;
  /** Makes the next call of this method reject. */
  failNext(method: keyof Platform, code: ErrorCode, message?: string): void;
  /** What the shell does when the learner closes the window. */
  close(): Promise<void>;
}

export const defaultSettings: Settings = {
  uiLanguage: null,
  contentLanguage: null,
  theme: 'system',
  editorFontSize: 14,
  editorTabSize: 4,
  editorWrap: true,
  editorAccessibility: 'auto',
  runTimeoutS: 30,
  liveMode: false,
  modelMode: 'scripted',
  engine: 'auto',
  poolSize: 3,
  ai: {
    provider: 'deepseek',
    baseUrl: '',
    model: '',
    proxy: '',
    thinking: false,
    style: 'socratic',
    currency: 'CNY',
    monthlyCap: 20,
  },
  panes: {},
};

const PRICES = '[[price]]\nmodels = ["deepseek-flash"]\n';

const READY: StoreState = { state: 'ready', path: '/home/ada/HelloAgents/learner.db' };

export function fakeError(code: ErrorCode, message = 'said by the test'): ApiError {
  return new ApiError({ code, message, requestId: 'req-1' });
}

/** Waits for nothing, but answers later, as everything across the seam does. */
const later = <T>(value: T): Promise<T> => Promise.resolve(structuredClone(value));

export function createFakePlatform(options: FakeOptions = {}): FakePlatform {
  const files = new Map<string, LessonFile[]>();
  const failures = new Map<keyof Platform, ApiError>();
  const engineListeners = new Set<(engine: Engine) => void>();
  const flushes = new Set<() => Promise<void>>();
  let engine: Engine = options.engine ?? { name: 'wasm', status: 'ready', detail: '' };
  let ai: AiState = options.ai ?? NO_AI;
  let prices = PRICES;
  let resume: Home['resume'] = options.home?.resume ?? null;

  function view(ref: LessonRef, language: 'zh' | 'en') {
    if (ref.course !== COURSE) throw fakeError('course_not_found');
    const lesson = fakeLessonView(ref.lesson, language);
    if (!lesson) throw fakeError('lesson_not_found');
    return lesson;
  }
  function filesOf(lesson: string): LessonFile[] {
    const known = files.get(lesson) ?? view({ course: COURSE, lesson }, 'en').files;
    files.set(lesson, known);
    return known;
  }
  function keep(lesson: string, next: LessonFile[]): FilesChanged {
    const undo = `snapshot-${fake.history.length}`;
    const before = filesOf(lesson).filter(({ origin }) => origin !== 'data');
    fake.history.unshift({
      entry: {
        id: undo,
        kind: 'snapshot',
        at: Date.UTC(2026, 10, 21, 8, fake.history.length),
        outcome: null,
        passed: null,
        total: null,
        durationMs: null,
      },
      files: before.map(({ path, text }) => ({ path, text })),
      outputHead: '',
      results: [],
    });
    owners.set(undo, lesson);
    files.set(lesson, next);
    return { files: structuredClone(next), undo };
  }
  const owners = new Map<string, string>();

  function stream<Start extends { runId: string }, Event>(
    start: Start,
    onEvents: (events: Event[]) => void,
  ): FakeStream<Start, Event> {
    return {
      start,
      inputs: [],
      inputEnded: false,
      cancelled: false,
      emit: (...events) => onEvents(events),
    };
  }
  function running(runId: string): FakeRun {
    const run = fake.runs.find(({ start }) => start.runId === runId);
    if (!run) throw fakeError('run_not_found');
    return run;
  }

  function terminal(id: string): FakeTerminal {
    const found = fake.terminals.find(({ open }) => open.terminalId === id);
    if (!found) throw fakeError('run_not_found');
    return found;
  }

  const fake: FakePlatform = {
    terminals: [],
    runs: [],
    checks: [],
    asks: [],
    keys: [],
    conversations: structuredClone(options.conversations ?? []),
    pool: options.pool ?? null,
    image: null,
    engineCalls: [],
    searches: [],
    answers: [],
    updates: structuredClone(options.updates ?? []),
    settled: [],
    opened: [],
    foreseen: [],
    saved: [],
    history: [],
    settings: { ...defaultSettings, ...options.settings },
    rights: { web: null, serviceAllowed: null, ...options.rights },
    store: options.store ?? READY,
    states: new Map(),
    filesOf,
    setEngine(next) {
      engine = next;
      for (const listener of engineListeners) listener(next);
    },
    failNext(method, code, message) {
      failures.set(method, fakeError(code, message));
    },
    async close() {
      await Promise.all([...flushes].map((flush) => flush()));
    },

    async boot() {
      return later({
        version: '0.1.0',
        systemLanguage: options.systemLanguage ?? 'en',
        settings: fake.settings,
        store: fake.store,
        engine,
      });
    },
    async storeRetry() {
      return later(fake.store);
    },
    async storeStartFresh() {
      fake.store = READY;
      return later(fake.store);
    },
    async settingsSet(settings) {
      fake.settings = {
        ...structuredClone(settings),
        editorFontSize: Math.min(32, Math.max(10, settings.editorFontSize)),
      };
      return later(fake.settings);
    },
    async engineReport() {
      return later({ engines: [engine], pool: fake.pool, chosenImage: fake.image });
    },
    async engineWarm() {
      fake.engineCalls.push('warm');
    },
    async engineRest() {
      fake.engineCalls.push('rest');
    },
    async engineImage(archive) {
      fake.engineCalls.push(`image ${archive.length}`);
      fake.image = archive.length > 0 ? '/home/ada/.cache/helloagents/image/chosen.tar.zst' : null;
    },
    onEngine(listener) {
      engineListeners.add(listener);
      return () => engineListeners.delete(listener);
    },

    async home() {
      const tree = fakeTree();
      const lessons = tree.chapters.flatMap((chapter) => chapter.lessons);
      return later({
        resume,
        activity: [],
        kept: [],
        courses: [
          {
            id: COURSE,
            title: tree.title,
            summary: {
              zh: '从一个循环开始，写出会用工具、有记忆的智能体。',
              en: 'Start from one loop and end with an agent that uses tools and remembers.',
            },
            lessons: lessons.length,
            passed: lessons.filter(({ id }) => fake.states.get(id) === 'passed').length,
            minutes: 30,
            next: resume?.lesson ?? { course: COURSE, lesson: 'hello' },
            problems: 0,
            own: false,
          },
        ],
        ...options.home,
      });
    },
    async courseTree(course) {
      if (course !== COURSE) throw fakeError('course_not_found');
      const tree = fakeTree();
      for (const lesson of tree.chapters.flatMap((chapter) => chapter.lessons)) {
        lesson.state = fake.states.get(lesson.id) ?? 'new';
      }
      return later(tree);
    },
    async lessonText(ref, language) {
      fake.foreseen.push(ref.lesson);
      return later(fakeLessonText(view(ref, language)));
    },
    async lessonOpen(ref, language) {
      const lesson = view(ref, language);
      fake.opened.push(ref.lesson);
      if (!fake.states.has(ref.lesson)) fake.states.set(ref.lesson, 'started');
      resume = {
        lesson: ref,
        lessonTitle: lesson.title,
        courseTitle: fakeTree().title,
        openedAt: Date.UTC(2026, 10, 21, 8),
      };
      const state = fake.states.get(ref.lesson) ?? 'started';
      return later({ ...lesson, state, files: filesOf(ref.lesson) });
    },

    async lessonRights() {
      return later({ ...fake.rights });
    },
    async serviceAllow(_lesson, allow) {
      fake.rights.serviceAllowed = allow;
    },
    async webAllow(_lesson, allow) {
      const { web } = fake.rights;
      fake.rights.web = web && { ...web, state: allow ? 'allowed' : 'asked' };
    },

    async draftSave(lesson, file) {
      fake.saved.push({ lesson, file });
      const all = filesOf(lesson.lesson);
      const known = all.find(({ path }) => path === file.path);
      if (known) Object.assign(known, { text: file.text, changed: true });
      else all.push({ ...file, origin: 'own', changed: true });
    },
    async draftDelete(lesson, path) {
      const rest = filesOf(lesson.lesson).filter((file) => file.path !== path);
      return later(keep(lesson.lesson, rest));
    },
    async lessonReset(lesson) {
      return later(keep(lesson.lesson, view(lesson, 'en').files));
    },
    async lessonSolution() {
      return later(options.onSolution?.() ?? { state: 'missing' });
    },

    async runStart(start, onEvents) {
      const run = stream<RunStart, RunEvent>(start, onEvents);
      fake.runs.push(run);
      options.onRun?.(run);
    },
    async runInput(runId, line) {
      const run = running(runId);
      run.inputs.push(line);
      options.onInput?.(run, line);
    },
    async runEndInput(runId) {
      running(runId).inputEnded = true;
    },
    async runCancel(runId) {
      for (const started of [...fake.runs, ...fake.checks]) {
        if (started.start.runId !== runId || started.cancelled) continue;
        started.cancelled = true;
        options.onCancel?.(started);
      }
    },
    async outputSave(lesson) {
      return `/home/ada/Downloads/${lesson.lesson}-output.txt`;
    },
    async checkStart(start, onEvents) {
      const check = stream<CheckStart, CheckEvent>(start, onEvents);
      fake.checks.push(check);
      options.onCheck?.(check);
    },

    async terminalOpen(open) {
      fake.terminals.push(new FakeTerminal(open));
    },
    async terminalNext(terminalId) {
      return terminal(terminalId).next();
    },
    async terminalType(terminalId, text) {
      terminal(terminalId).typed.push(text);
    },
    async terminalResize(terminalId, rows, columns) {
      terminal(terminalId).sizes.push([rows, columns]);
    },
    async terminalClose(terminalId) {
      terminal(terminalId).closed = true;
    },

    async codeCheck(question) {
      return later(options.onCode?.(question) ?? []);
    },
    async errorExplain(question) {
      return later(options.onExplain?.(question) ?? null);
    },

    async tutorAsk(ask, onEvents) {
      fake.asks.push(fakeAsk(ask, fake.asks.length + 1, onEvents));
    },
    async tutorStop(askId) {
      const asked = fake.asks.find(({ ask }) => ask.askId === askId);
      if (asked) asked.stopped = true;
    },
    async tutorChips() {
      return later(options.chips ?? []);
    },
    async tutorThreads() {
      return later(fake.conversations.map(({ thread }) => thread));
    },
    async tutorOpen(id) {
      const found = fake.conversations.find(({ thread }) => thread.id === id);
      if (!found) throw fakeError('thread_not_found');
      return later(found);
    },
    async tutorRename(id, title) {
      const found = fake.conversations.find(({ thread }) => thread.id === id);
      if (found) found.thread.title = title;
    },
    async tutorShow(id, leaf) {
      const found = fake.conversations.find(({ thread }) => thread.id === id);
      if (found) found.thread.leaf = leaf;
    },
    async tutorDelete(id) {
      fake.conversations = fake.conversations.filter(({ thread }) => thread.id !== id);
    },
    async tutorSearch() {
      return later(options.hits ?? []);
    },
    async tutorExport() {
      return '/home/ada/Downloads/helloagents-tutor-1.md';
    },
    async aiState() {
      return later(ai);
    },
    async aiKeySet(key) {
      fake.keys.push(key);
      ai = { ...ai, ready: true, key: 'keyring' };
      return later(ai);
    },
    async aiKeyForget() {
      ai = { ...ai, ready: false, key: 'none' };
      return later(ai);
    },
    async aiTest() {
      return later(
        options.probe ?? {
          latencyMs: 84,
          models: ['deepseek-flash'],
          model: 'deepseek-flash',
          balance: [{ currency: 'CNY', value: 12.5 }],
        },
      );
    },
    async aiPrices() {
      return later(prices);
    },
    async aiPricesSet(text) {
      prices = text === '' ? PRICES : text;
      return later(prices);
    },

    async historyList() {
      return later(fake.history.map(({ entry }) => entry));
    },
    async historyGet(id) {
      const detail = fake.history.find(({ entry }) => entry.id === id);
      if (!detail) throw fakeError('history_not_found');
      return later(detail);
    },
    async historyRestore(id) {
      const detail = fake.history.find(({ entry }) => entry.id === id);
      if (!detail) throw fakeError('history_not_found');
      const lesson = owners.get(id) ?? 'hello';
      const data = filesOf(lesson).filter(({ origin }) => origin === 'data');
      const back = detail.files.map((file) => ({
        ...file,
        origin: 'starter' as const,
        changed: true,
      }));
      return later(keep(lesson, [...back, ...data]));
    },

    async lessonSearch(search) {
      fake.searches.push(search.text);
      return later(search.text === '' ? [] : (options.passages ?? []));
    },
    async lessonQuestions() {
      return later(options.questions ?? []);
    },
    async questionAnswer(_lesson, question, answer) {
      fake.answers.push({ question, answer });
      return later({
        answer,
        right: options.onAnswer?.(question, answer) ?? true,
        tries: fake.answers.length,
        said: ['<p>said by the author</p>'],
      });
    },
    async starterUpdates() {
      return later(fake.updates);
    },
    async starterSettle(lesson, path, choice) {
      fake.settled.push({ path, choice });
      const update = fake.updates.find((each) => each.path === path);
      const text = { mine: update?.mine, author: update?.now, merged: update?.merged }[choice];
      const next = filesOf(lesson.lesson).map((file) =>
        file.path === path ? { ...file, text: text ?? file.text } : file,
      );
      files.set(lesson.lesson, next);
      fake.updates = fake.updates.filter((each) => each.path !== path);
      return later({ files: next, updates: fake.updates });
    },

    ...fakeShelf(options.shelf),

    async traceGet(run) {
      const trace = options.traces?.[run];
      if (!trace) throw fakeError('history_not_found');
      return later(trace);
    },
    async traceList() {
      const traces = Object.entries(options.traces ?? {});
      return later(
        traces.map(([run, trace]) => ({ run, at: trace.startedAt, spans: trace.spans.length })),
      );
    },
    async traceExport(run) {
      return `/home/ada/Downloads/${run}.json`;
    },

    async health() {
      return later({
        version: '0.1.0',
        healthy: true,
        parts: [
          { name: 'database', healthy: true, detail: 'learner.db, schema 1', durationMs: 0.4 },
          { name: 'engine:wasm', healthy: true, detail: 'CPython 3.14', durationMs: 1.2 },
        ],
        pool: null,
      });
    },
    async openExternal() {},
    onClose(flush) {
      flushes.add(flush);
      return () => flushes.delete(flush);
    },
  };

  return refusing(fake, failures);
}

/** Puts `failNext` in front of every call that answers with a promise. */
function refusing(fake: FakePlatform, failures: Map<keyof Platform, ApiError>): FakePlatform {
  return new Proxy(fake, {
    get(target, name, receiver) {
      const failure = failures.get(name as keyof Platform);
      if (!failure) return Reflect.get(target, name, receiver);
      failures.delete(name as keyof Platform);
      return () => Promise.reject(failure);
    },
  });
}
