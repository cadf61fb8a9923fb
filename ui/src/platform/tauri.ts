// The platform inside the desktop shell: commands, channels and two events of Tauri, and nothing
// else. This is the only file that imports @tauri-apps/*.

import { Channel, type InvokeArgs, invoke } from '@tauri-apps/api/core';
import { type EventCallback, listen } from '@tauri-apps/api/event';
import type { AskEvent } from '../bindings/AskEvent';
import type { CheckEvent } from '../bindings/CheckEvent';
import type { Engine } from '../bindings/Engine';
import type { ImportEvent } from '../bindings/ImportEvent';
import type { ProofEvent } from '../bindings/ProofEvent';
import type { RecordEvent } from '../bindings/RecordEvent';
import type { RunEvent } from '../bindings/RunEvent';
import { toApiError } from '../lib/api-error';
import type { Platform } from './platform';

async function call<T>(command: string, args?: InvokeArgs): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw toApiError(thrown);
  }
}

function on<T>(event: string, handle: EventCallback<T>): () => void {
  const ending = listen<T>(event, handle);
  return () => {
    void ending.then((end) => end());
  };
}

/** The platform of the real window. */
export function shellPlatform(): Platform {
  const flushes = new Set<() => Promise<void>>();
  // Answered even when nobody has anything to save, or the window would wait out its second.
  // A flush that fails must not keep the window open either.
  on('close-requested', () => {
    void Promise.allSettled([...flushes].map((flush) => flush())).then(() => call('close_ready'));
  });

  return {
    boot: () => call('app_boot'),
    storeRetry: () => call('store_retry'),
    storeStartFresh: () => call('store_start_fresh'),
    settingsSet: (settings) => call('settings_set', { settings }),
    engineReport: () => call('engine_report'),
    engineWarm: () => call('engine_warm'),
    engineRest: () => call('engine_rest'),
    engineImage: (archive) => call('engine_image', archive),
    onEngine: (listener) => on<Engine>('engine', ({ payload }) => listener(payload)),

    home: () => call('home'),
    courseTree: (course) => call('course_tree', { course }),
    lessonText: (lesson, language) => call('lesson_text', { lesson, language }),
    lessonOpen: (lesson, language) => call('lesson_open', { lesson, language }),

    lessonRights: (lesson) => call('lesson_rights', { lesson }),
    serviceAllow: (lesson, allow) => call('service_allow', { lesson, allow }),
    webAllow: (lesson, allow) => call('web_allow', { lesson, allow }),

    draftSave: (lesson, file) => call('draft_save', { lesson, file }),
    draftDelete: (lesson, path) => call('draft_delete', { lesson, path }),
    lessonReset: (lesson, to) => call('lesson_reset', { lesson, to }),
    lessonSolution: (lesson) => call('lesson_solution', { lesson }),

    runStart: (start, onEvents) =>
      call('run_start', { start, channel: new Channel<RunEvent[]>(onEvents) }),
    runInput: (runId, line) => call('run_input', { runId, line }),
    runEndInput: (runId) => call('run_end_input', { runId }),
    runCancel: (runId) => call('run_cancel', { runId }),
    outputSave: (lesson, text) => call('output_save', { lesson, text }),

    checkStart: (start, onEvents) =>
      call('check_start', { start, channel: new Channel<CheckEvent[]>(onEvents) }),

    terminalOpen: (open) => call('terminal_open', { open }),
    terminalNext: (terminalId) => call('terminal_next', { terminalId }),
    terminalType: (terminalId, text) => call('terminal_type', { terminalId, text }),
    terminalResize: (terminalId, rows, columns) =>
      call('terminal_resize', { terminalId, rows, columns }),
    terminalClose: (terminalId) => call('terminal_close', { terminalId }),

    codeCheck: (question) => call('code_check', { question }),
    errorExplain: (question) => call('error_explain', { question }),

    tutorAsk: (ask, onEvents) =>
      call('tutor_ask', { ask, channel: new Channel<AskEvent[]>(onEvents) }),
    tutorStop: (askId) => call('tutor_stop', { askId }),
    tutorChips: (surrounding, without) => call('tutor_chips', { surrounding, without }),
    tutorThreads: (lesson) => call('tutor_threads', { lesson }),
    tutorOpen: (thread, language) => call('tutor_open', { thread, language }),
    tutorRename: (thread, title) => call('tutor_rename', { thread, title }),
    tutorShow: (thread, leaf) => call('tutor_show', { thread, leaf }),
    tutorDelete: (thread) => call('tutor_delete', { thread }),
    tutorSearch: (text) => call('tutor_search', { text }),
    tutorExport: (thread, leaf, names) => call('tutor_export', { thread, leaf, names }),

    aiState: () => call('ai_state'),
    aiKeySet: (key) => call('ai_key_set', { key }),
    aiKeyForget: () => call('ai_key_forget'),
    aiTest: () => call('ai_test'),
    aiPrices: () => call('ai_prices'),
    aiPricesSet: (text) => call('ai_prices_set', { text }),

    historyList: (lesson) => call('history_list', { lesson }),
    historyGet: (id) => call('history_get', { id }),
    historyRestore: (id) => call('history_restore', { id }),

    lessonSearch: (search) => call('lesson_search', { search }),
    lessonQuestions: (lesson, language) => call('lesson_questions', { lesson, language }),
    questionAnswer: (lesson, question, answer, language) =>
      call('question_answer', { lesson, question, answer, language }),
    starterUpdates: (lesson) => call('starter_updates', { lesson }),
    starterSettle: (lesson, path, choice) => call('starter_settle', { lesson, path, choice }),

    bundleLook: (path) => call('bundle_look', { path }),
    bundleInstall: (path, shown, trusted) => call('bundle_install', { path, shown, trusted }),
    courseRemove: (course, withWork) => call('course_remove', { course, withWork }),
    importStart: (start, onEvents) =>
      call('import_start', { start, channel: new Channel<ImportEvent[]>(onEvents) }),
    jobStop: (jobId) => call('job_stop', { jobId }),

    authorOpen: (dir) => call('author_open', { dir }),
    authorNew: (dir) => call('author_new', { dir }),
    authorCheck: (jobId, dir, onEvents) =>
      call('author_check', { jobId, dir, channel: new Channel<ProofEvent[]>(onEvents) }),
    authorRecord: (jobId, dir, lesson, onEvents) =>
      call('author_record', {
        jobId,
        dir,
        lesson,
        channel: new Channel<RecordEvent[]>(onEvents),
      }),
    authorPack: (dir) => call('author_pack', { dir }),
    authorDiff: (older, newer) => call('author_diff', { old: older, new: newer }),
    authorPreview: (dir, lesson, language) => call('author_preview', { dir, lesson, language }),
    authorStamp: (dir, known) => call('author_stamp', { dir, known }),
    authorKeyState: () => call('author_key_state'),
    authorKeyMake: () => call('author_key_make'),

    codeShare: (lesson) => call('code_share', { lesson }),
    codeShared: (path) => call('code_shared', { path }),
    pickPath: (wanted, title) => call('pick_path', { wanted, title }),
    openedPaths: () => call('opened_paths'),
    onOpened: (listener) => on('opened', listener),

    traceGet: (run) => call('trace_get', { run }),
    traceList: (lesson) => call('trace_list', { lesson }),
    traceExport: (run) => call('trace_export', { run }),

    health: () => call('health'),
    openExternal: (url) => call('open_external', { url }),
    onClose: (flush) => {
      flushes.add(flush);
      return () => flushes.delete(flush);
    },
  };
}
