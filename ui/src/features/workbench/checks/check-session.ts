// The checks of one lesson, one round at a time; the twin of run/run-session.ts.

import type { CheckEvent } from '../../../bindings/CheckEvent';
import type { FileText } from '../../../bindings/FileText';
import type { Language } from '../../../bindings/Language';
import type { LessonRef } from '../../../bindings/LessonRef';
import { toApiError } from '../../../lib/api-error';
import type { Platform } from '../../../platform/platform';
import { LiveState } from '../run/live-state';
import { STOP_GRACE_MS } from '../run/run-session';
import { begin, type CheckState, IDLE, step, stopping } from './check-state';

export interface CheckView {
  readonly check: CheckState;
  /** What was checked, to know when the results are stale. */
  readonly files: readonly FileText[];
}

export class CheckSession {
  readonly live = new LiveState<CheckView>({ check: IDLE, files: [] });
  private giveUp: ReturnType<typeof setTimeout> | undefined;
  private readonly platform: Platform;
  private readonly lesson: LessonRef;

  constructor(platform: Platform, lesson: LessonRef) {
    this.platform = platform;
    this.lesson = lesson;
  }

  start(runId: string, files: FileText[], language: Language): void {
    this.live.set({ check: begin(runId, performance.now()), files });
    this.platform
      .checkStart({ runId, lesson: this.lesson, files, language }, (events) =>
        this.receive(runId, events),
      )
      .catch((thrown: unknown) => this.fail(runId, thrown));
  }

  stop(): void {
    const { check, files } = this.live.get();
    const { id } = check;
    if (id === null || check.phase !== 'running' || check.stopping) return;
    this.live.set({ check: stopping(check), files });
    this.platform.runCancel(id).catch((thrown: unknown) => this.fail(id, thrown));
    this.giveUp = setTimeout(
      () => this.fail(id, { code: 'engine_lost', message: 'no end after a stop', requestId: '' }),
      STOP_GRACE_MS,
    );
  }

  private fail(id: string, thrown: unknown): void {
    const { code, message, requestId } = toApiError(thrown);
    this.receive(id, [{ type: 'failed', error: { code, message, requestId } }]);
  }

  private receive(id: string, events: readonly CheckEvent[]): void {
    const { check: before, files } = this.live.get();
    const check = events.reduce((state, event) => step(state, id, event), before);
    if (check === before) return;
    if (check.phase === 'ended') clearTimeout(this.giveUp);
    this.live.set({ check, files });
  }
}
