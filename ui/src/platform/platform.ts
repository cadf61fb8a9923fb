// The one seam between the page and the world outside it. `tauri.ts` is the real side,
// `testing/fake-platform.ts` the one of the tests; nothing else may know which it talks to.
//
// Every call rejects with `ApiError` (see lib/api-error.ts) and with nothing else.

import type { AiProbe } from '../bindings/AiProbe';
import type { AiState } from '../bindings/AiState';
import type { AskEvent } from '../bindings/AskEvent';
import type { AskStart } from '../bindings/AskStart';
import type { AuthorCourse } from '../bindings/AuthorCourse';
import type { AuthorKeyState } from '../bindings/AuthorKeyState';
import type { Boot } from '../bindings/Boot';
import type { BundleInstalled } from '../bindings/BundleInstalled';
import type { BundlePacked } from '../bindings/BundlePacked';
import type { BundleView } from '../bindings/BundleView';
import type { CheckEvent } from '../bindings/CheckEvent';
import type { CheckStart } from '../bindings/CheckStart';
import type { Chip } from '../bindings/Chip';
import type { ChipKind } from '../bindings/ChipKind';
import type { CodeCheck } from '../bindings/CodeCheck';
import type { CodeFinding } from '../bindings/CodeFinding';
import type { CourseChanges } from '../bindings/CourseChanges';
import type { CourseRemoved } from '../bindings/CourseRemoved';
import type { CourseTree } from '../bindings/CourseTree';
import type { Engine } from '../bindings/Engine';
import type { EngineReport } from '../bindings/EngineReport';
import type { ErrorExplanation } from '../bindings/ErrorExplanation';
import type { ErrorQuestion } from '../bindings/ErrorQuestion';
import type { FilesChanged } from '../bindings/FilesChanged';
import type { FileText } from '../bindings/FileText';
import type { Health } from '../bindings/Health';
import type { HistoryDetail } from '../bindings/HistoryDetail';
import type { HistoryEntry } from '../bindings/HistoryEntry';
import type { Home } from '../bindings/Home';
import type { ImportEvent } from '../bindings/ImportEvent';
import type { ImportStart } from '../bindings/ImportStart';
import type { Language } from '../bindings/Language';
import type { LessonHit } from '../bindings/LessonHit';
import type { LessonRef } from '../bindings/LessonRef';
import type { LessonRights } from '../bindings/LessonRights';
import type { LessonSearch } from '../bindings/LessonSearch';
import type { LessonSolution } from '../bindings/LessonSolution';
import type { LessonText } from '../bindings/LessonText';
import type { LessonView } from '../bindings/LessonView';
import type { OpenedPath } from '../bindings/OpenedPath';
import type { ProofEvent } from '../bindings/ProofEvent';
import type { QuestionAnswer } from '../bindings/QuestionAnswer';
import type { QuestionVerdict } from '../bindings/QuestionVerdict';
import type { QuestionView } from '../bindings/QuestionView';
import type { RecordEvent } from '../bindings/RecordEvent';
import type { ResetTo } from '../bindings/ResetTo';
import type { RunEvent } from '../bindings/RunEvent';
import type { RunStart } from '../bindings/RunStart';
import type { Settings } from '../bindings/Settings';
import type { SharedView } from '../bindings/SharedView';
import type { StarterChoice } from '../bindings/StarterChoice';
import type { StarterSettled } from '../bindings/StarterSettled';
import type { StarterUpdate } from '../bindings/StarterUpdate';
import type { StoreState } from '../bindings/StoreState';
import type { Surrounding } from '../bindings/Surrounding';
import type { TerminalNews } from '../bindings/TerminalNews';
import type { TerminalOpen } from '../bindings/TerminalOpen';
import type { Trace } from '../bindings/Trace';
import type { TraceEntry } from '../bindings/TraceEntry';
import type { TutorConversation } from '../bindings/TutorConversation';
import type { TutorHit } from '../bindings/TutorHit';
import type { TutorThread } from '../bindings/TutorThread';

export interface Platform {
  /** The first call of the page. Never rejects because of the store: its state is in the answer. */
  boot(): Promise<Boot>;
  /** Tries to open the learner's data again. */
  storeRetry(): Promise<StoreState>;
  /** Moves the unusable database aside (it is kept, renamed) and opens a fresh one. */
  storeStartFresh(): Promise<StoreState>;
  /** Stores all settings; answers what was stored after clamping. */
  settingsSet(settings: Settings): Promise<Settings>;
  /** Every engine as it is now. Cheap: it only looks. */
  engineReport(): Promise<EngineReport>;
  /** Looks for the engine of containers and makes it ready, beside everything else. */
  engineWarm(): Promise<void>;
  /** Gives up what that engine is preparing and what it keeps. */
  engineRest(): Promise<void>;
  /** Keeps a copy of an image packed as .tar.zst; no bytes take the copy away again. */
  engineImage(archive: Uint8Array): Promise<void>;
  /** Called with every change of the engine's state; the answer ends the subscription. */
  onEngine(listener: (engine: Engine) => void): () => void;

  home(): Promise<Home>;
  courseTree(course: string): Promise<CourseTree>;
  /** The author's text of a lesson. Records nothing, so it may be asked for ahead. */
  lessonText(lesson: LessonRef, language: Language): Promise<LessonText>;
  /** Opens a lesson and remembers it as the last opened one. */
  lessonOpen(lesson: LessonRef, language: Language): Promise<LessonView>;

  /** What the learner lets the lesson's programs do, now. */
  lessonRights(lesson: LessonRef): Promise<LessonRights>;
  /** Lets the lesson's agents ask the hosts that its course names, or takes that back. */
  webAllow(lesson: LessonRef, allow: boolean): Promise<void>;
  /** Lets programs of a course that nobody signed ask the learner's service, or takes that back. */
  serviceAllow(lesson: LessonRef, allow: boolean): Promise<void>;

  /** Saves one file of the learner. Creates it when it is new. */
  draftSave(lesson: LessonRef, file: FileText): Promise<void>;
  /** Removes a file the learner added. */
  draftDelete(lesson: LessonRef, path: string): Promise<FilesChanged>;
  lessonReset(lesson: LessonRef, to: ResetTo): Promise<FilesChanged>;
  /** The author's solution, or when it may be seen: its text does not come before that. */
  lessonSolution(lesson: LessonRef): Promise<LessonSolution>;

  /** Resolves when the run was accepted; events may come before that. */
  runStart(start: RunStart, onEvents: (events: RunEvent[]) => void): Promise<void>;
  /** One line, without its line end. */
  runInput(runId: string, line: string): Promise<void>;
  runEndInput(runId: string): Promise<void>;
  /** Stops a run or checks. Harmless after their end. */
  runCancel(runId: string): Promise<void>;
  /** Writes a text to the learner's Downloads folder; answers the path. */
  outputSave(lesson: LessonRef, text: string): Promise<string>;

  checkStart(start: CheckStart, onEvents: (events: CheckEvent[]) => void): Promise<void>;

  /** Resolves when the terminal is on its way; an engine that is not ready is waited for. */
  terminalOpen(open: TerminalOpen): Promise<void>;
  /** Resolves when there is something new. Asking slowly makes the shell wait. */
  terminalNext(terminalId: string): Promise<TerminalNews>;
  /** At most 64 KiB. Resolves when the shell has room for more. */
  terminalType(terminalId: string, text: string): Promise<void>;
  terminalResize(terminalId: string, rows: number, columns: number): Promise<void>;
  /** Harmless when it is closed. */
  terminalClose(terminalId: string): Promise<void>;

  /** What the code is about to use, from top to bottom; nothing runs. */
  codeCheck(question: CodeCheck): Promise<CodeFinding[]>;
  /** An error in plain words, out of the dictionary; `null` when nothing there names one. */
  errorExplain(question: ErrorQuestion): Promise<ErrorExplanation | null>;

  /** Resolves when the question was accepted; events may come before that. */
  tutorAsk(ask: AskStart, onEvents: (events: AskEvent[]) => void): Promise<void>;
  /** Stops an answer; what came is kept. Harmless after its end. */
  tutorStop(askId: string): Promise<void>;
  /** What the tutor would be given now. */
  tutorChips(surrounding: Surrounding, without: ChipKind[]): Promise<Chip[]>;
  /** Newest first, at most 200. */
  tutorThreads(lesson: LessonRef): Promise<TutorThread[]>;
  tutorOpen(thread: string, language: Language): Promise<TutorConversation>;
  tutorRename(thread: string, title: string): Promise<void>;
  /** Shows the branch that ends with this message. */
  tutorShow(thread: string, leaf: string): Promise<void>;
  tutorDelete(thread: string): Promise<void>;
  /** Messages of all conversations, newest first. */
  tutorSearch(text: string): Promise<TutorHit[]>;
  /** Writes the branch as Markdown to the Downloads folder, with these names; answers the path. */
  tutorExport(thread: string, leaf: string, names: [string, string]): Promise<string>;

  /** Whether the tutor can be asked; never asks the service. */
  aiState(): Promise<AiState>;
  /** Keeps the key; it never comes back. */
  aiKeySet(key: string): Promise<AiState>;
  aiKeyForget(): Promise<AiState>;
  /** Tries key and address without spending anything. */
  aiTest(): Promise<AiProbe>;
  /** The price table as TOML. */
  aiPrices(): Promise<string>;
  /** An empty text goes back to the published one; answers what holds. */
  aiPricesSet(text: string): Promise<string>;

  /** Newest first, at most 200. */
  historyList(lesson: LessonRef): Promise<HistoryEntry[]>;
  historyGet(id: string): Promise<HistoryDetail>;
  /** Puts an entry's files back; what is replaced becomes a snapshot. */
  historyRestore(id: string): Promise<FilesChanged>;

  /** Passages of all installed lessons that hold every word, best first. */
  lessonSearch(search: LessonSearch): Promise<LessonHit[]>;
  /** Questions beside the exercise, with the last answers. */
  lessonQuestions(lesson: LessonRef, language: Language): Promise<QuestionView[]>;
  questionAnswer(
    lesson: LessonRef,
    question: string,
    answer: QuestionAnswer,
    language: Language,
  ): Promise<QuestionVerdict>;
  /** Files of the learner's whose starter an update of the course replaced. */
  starterUpdates(lesson: LessonRef): Promise<StarterUpdate[]>;
  starterSettle(lesson: LessonRef, path: string, choice: StarterChoice): Promise<StarterSettled>;

  /** Says what a bundle is; installs nothing. */
  bundleLook(path: string): Promise<BundleView>;
  /** `shown` is the fingerprint of what was looked at; `trusted`: a changed signer is meant. */
  bundleInstall(path: string, shown: string, trusted: boolean): Promise<BundleInstalled>;
  /** Work in it stays, unless `withWork`. */
  courseRemove(course: string, withWork: boolean): Promise<CourseRemoved>;
  /** Resolves when the import was accepted; events may come before that. */
  importStart(start: ImportStart, onEvents: (events: ImportEvent[]) => void): Promise<void>;
  /** Stops an import, a proof or a recording. Harmless after its end. */
  jobStop(jobId: string): Promise<void>;

  authorOpen(dir: string): Promise<AuthorCourse>;
  authorNew(dir: string): Promise<AuthorCourse>;
  /** Resolves when the proof was accepted; events may come before that. */
  authorCheck(jobId: string, dir: string, onEvents: (events: ProofEvent[]) => void): Promise<void>;
  /** Resolves when the recording was accepted; events may come before that. */
  authorRecord(
    jobId: string,
    dir: string,
    lesson: string,
    onEvents: (events: RecordEvent[]) => void,
  ): Promise<void>;
  /** Packs into a file beside the folder, signed when there is a key. */
  authorPack(dir: string): Promise<BundlePacked>;
  /** What the newer one changes for those who have the older. */
  authorDiff(older: string, newer: string): Promise<CourseChanges>;
  authorPreview(dir: string, lesson: string, language: Language): Promise<LessonText>;
  /**
   * Answers another stamp than the known one as soon as a file of the course was saved, and the known
   * one when for a second none was.
   */
  authorStamp(dir: string, known: string | null): Promise<string>;
  authorKeyState(): Promise<AuthorKeyState>;
  authorKeyMake(): Promise<AuthorKeyState>;

  /** Writes the lesson's files for somebody else to the Downloads folder; answers the path. */
  codeShare(lesson: LessonRef): Promise<string>;
  /** Opens what somebody else wrote so. */
  codeShared(path: string): Promise<SharedView>;

  /** The system's dialog; `null` when it was closed. */
  pickPath(wanted: 'folder' | 'bundle', title: string): Promise<string | null>;
  /** What was dropped on the window or given at the start; each is told once. */
  openedPaths(): Promise<OpenedPath[]>;
  /** Called when there are new ones. */
  onOpened(listener: () => void): () => void;

  /** What the agents of a run did. */
  traceGet(run: string): Promise<Trace>;
  /** The lesson's runs that have a trace, newest first, at most 50. */
  traceList(lesson: LessonRef): Promise<TraceEntry[]>;
  /** Writes a trace as OTLP JSON to the Downloads folder; answers the path. */
  traceExport(run: string): Promise<string>;

  health(): Promise<Health>;
  /** Opens an http(s) address in the system's browser. The page says where to before it calls this. */
  openExternal(url: string): Promise<void>;
  /** Called before the window closes; the close waits for the promise, at most one second. */
  onClose(flush: () => Promise<void>): () => void;
}
