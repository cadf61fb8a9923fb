// The part of the fake platform that has to do with courses as files: bundles, imports, the author's
// place. Jobs say only what a test makes them say.

import type { AuthorCourse } from '../bindings/AuthorCourse';
import type { AuthorKeyState } from '../bindings/AuthorKeyState';
import type { BundleView } from '../bindings/BundleView';
import type { CourseChanges } from '../bindings/CourseChanges';
import type { ImportEvent } from '../bindings/ImportEvent';
import type { ImportStart } from '../bindings/ImportStart';
import type { OpenedPath } from '../bindings/OpenedPath';
import type { ProofEvent } from '../bindings/ProofEvent';
import type { RecordEvent } from '../bindings/RecordEvent';
import type { SharedView } from '../bindings/SharedView';
import { ApiError } from '../lib/api-error';
import type { Platform } from '../platform/platform';
import { fakeLessonText, fakeLessonView } from './fake-course';

export interface FakeJob<Start, Event> {
  start: Start;
  stopped: boolean;
  emit: (...events: Event[]) => void;
}

export interface FakeShelfOptions {
  bundle?: Partial<BundleView>;
  /** What the window was opened with; a text is a file. */
  opened?: (string | OpenedPath)[];
  /** What the system's dialog answers. */
  picked?: string;
  course?: Partial<AuthorCourse>;
  key?: AuthorKeyState;
}

export interface FakeShelf {
  readonly installed: { path: string; trusted: boolean }[];
  readonly removed: { course: string; withWork: boolean }[];
  readonly imports: FakeJob<ImportStart, ImportEvent>[];
  readonly proofs: FakeJob<{ jobId: string; dir: string }, ProofEvent>[];
  readonly recordings: FakeJob<{ jobId: string; dir: string; lesson: string }, RecordEvent>[];
  /** Puts another bundle where the one is that a test looked at. */
  replaceBundle(bundle: Partial<BundleView>): void;
  /** Makes the preview see a saved file. */
  saveFile(): void;
  /** Drops a file, or something else, on the window. */
  drop(path: string | OpenedPath): void;
}

type Methods = Pick<
  Platform,
  | 'bundleLook'
  | 'bundleInstall'
  | 'courseRemove'
  | 'importStart'
  | 'jobStop'
  | 'authorOpen'
  | 'authorNew'
  | 'authorCheck'
  | 'authorRecord'
  | 'authorPack'
  | 'authorDiff'
  | 'authorPreview'
  | 'authorStamp'
  | 'authorKeyState'
  | 'authorKeyMake'
  | 'codeShare'
  | 'codeShared'
  | 'pickPath'
  | 'openedPaths'
  | 'onOpened'
>;

export const NO_CHANGES: CourseChanges = { added: [], removed: [], changed: [], same: 0 };

export const BUNDLE: BundleView = {
  path: '/home/ada/my.hacourse',
  fingerprint: 'f1',
  course: 'my-course',
  version: '1.1.0',
  title: { zh: '带不带伞', en: 'To take an umbrella' },
  authors: ['Ada Example'],
  license: 'CC-BY-4.0, Ada Example',
  files: 12,
  bytes: 2_500_000,
  lessons: 3,
  signer: 'hacourse-key-1:AAAA',
  knownSigner: null,
  trust: 'first',
  needs: { docker: false, model: true, network: [], packages: ['numpy'] },
  installed: null,
  isOlder: false,
  changes: null,
};

const COURSE: AuthorCourse = {
  dir: '/home/ada/my-course',
  id: 'my-course',
  title: { zh: '带不带伞', en: 'To take an umbrella' },
  version: '1.0.0',
  lessons: [
    {
      id: 'decide',
      title: { zh: '做一个决定', en: 'Decide' },
      number: '1.1',
      languages: ['zh', 'en'],
    },
    { id: 'act', title: { zh: '动手', en: 'Act' }, number: '1.2', languages: ['zh'] },
  ],
  problems: [],
};

const SHARED: SharedView = {
  code: {
    lesson: { course: 'first-agent', lesson: 'hello' },
    courseTitle: { zh: '第一个智能体', en: 'Your First Agent' },
    lessonTitle: { zh: '第一个循环', en: 'The first loop' },
    files: [{ path: 'main.py', text: 'print("theirs")\n' }],
    result: [2, 3],
  },
  mine: [{ path: 'main.py', text: 'print("mine")\n' }],
};

const NO_KEY: AuthorKeyState = { signer: null, home: 'none', path: null };

function asOpened(path: string | OpenedPath): OpenedPath {
  return typeof path === 'string' ? { type: 'file', path } : path;
}

export function fakeShelf(options: FakeShelfOptions = {}): Methods & FakeShelf {
  const listeners = new Set<() => void>();
  const watchers: (() => void)[] = [];
  let opened = (options.opened ?? []).map(asOpened);
  let key = options.key ?? NO_KEY;
  let stamp = 0;
  let bundle = { ...BUNDLE, ...options.bundle };
  const course = { ...COURSE, ...options.course };
  const shelf: Methods & FakeShelf = {
    installed: [],
    removed: [],
    imports: [],
    proofs: [],
    recordings: [],
    replaceBundle(other) {
      bundle = { ...bundle, ...other };
    },
    saveFile() {
      stamp += 1;
      for (const hear of watchers.splice(0)) hear();
    },
    drop(path) {
      opened.push(asOpened(path));
      for (const listener of listeners) listener();
    },
    async bundleLook(path) {
      return { ...bundle, path };
    },
    async bundleInstall(path, shown, trusted) {
      if (shown !== bundle.fingerprint) {
        const message = 'this is another bundle than the one that was shown';
        throw new ApiError({ code: 'bundle_replaced', message, requestId: 'req-1' });
      }
      shelf.installed.push({ path, trusted });
      return { course: BUNDLE.course, replaced: null };
    },
    async courseRemove(course, withWork) {
      shelf.removed.push({ course, withWork });
      return { removed: true, copy: withWork ? '/home/ada/learner.db.backup-v9-1' : null };
    },
    async importStart(start, onEvents) {
      shelf.imports.push({ start, stopped: false, emit: (...events) => onEvents(events) });
    },
    async jobStop(jobId) {
      for (const job of shelf.imports) if (job.start.jobId === jobId) job.stopped = true;
      for (const job of shelf.proofs) if (job.start.jobId === jobId) job.stopped = true;
      for (const job of shelf.recordings) if (job.start.jobId === jobId) job.stopped = true;
    },
    async authorOpen(dir) {
      if (dir.includes('nothing')) {
        throw new ApiError({
          code: 'invalid_request',
          message: 'there is no course.toml in this folder',
          requestId: 'req-1',
        });
      }
      return { ...course, dir };
    },
    async authorNew(dir) {
      return { ...course, dir };
    },
    async authorCheck(jobId, dir, onEvents) {
      shelf.proofs.push({
        start: { jobId, dir },
        stopped: false,
        emit: (...events) => onEvents(events),
      });
    },
    async authorRecord(jobId, dir, lesson, onEvents) {
      shelf.recordings.push({
        start: { jobId, dir, lesson },
        stopped: false,
        emit: (...events) => onEvents(events),
      });
    },
    async authorPack(dir) {
      return { path: `${dir}-1.0.0.hacourse`, files: 12, signer: key.signer };
    },
    async authorDiff() {
      return NO_CHANGES;
    },
    async authorPreview(_dir, _lesson, language) {
      const view = fakeLessonView('hello', language);
      if (!view) throw new Error('the fake course has this lesson');
      return { ...fakeLessonText(view), html: `<p>saved ${stamp} times</p>` };
    },
    async authorStamp(_dir, known) {
      if (known === String(stamp)) await new Promise<void>((saved) => watchers.push(saved));
      return String(stamp);
    },
    async authorKeyState() {
      return key;
    },
    async authorKeyMake() {
      key = { signer: 'hacourse-key-1:BBBB', home: 'keyring', path: null };
      return key;
    },
    async codeShare({ lesson }) {
      return `/home/ada/Downloads/${lesson}-1.hacode`;
    },
    async codeShared() {
      return SHARED;
    },
    async pickPath() {
      return options.picked ?? null;
    },
    async openedPaths() {
      const taken = opened;
      opened = [];
      return taken;
    },
    onOpened(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return shelf;
}
