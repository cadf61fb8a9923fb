// The tutor of one lesson: its conversations, the open one, asking and stopping.

import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AskEvent } from '../../bindings/AskEvent';
import type { AskKind } from '../../bindings/AskKind';
import type { ChipKind } from '../../bindings/ChipKind';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { Surrounding } from '../../bindings/Surrounding';
import type { TutorThread } from '../../bindings/TutorThread';
import { announce } from '../../components/announcer';
import { useAi } from '../../lib/ai';
import { type ApiError, toApiError } from '../../lib/api-error';
import { type Loaded, useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';
import {
  asked,
  branch,
  type Conversation,
  EMPTY,
  htmlOf,
  leafBelow,
  opened,
  step,
  stopping,
} from './conversation';
import { lookedWords } from './looked';

/** What to ask besides what is on the screen. */
export interface Question {
  kind: AskKind;
  text: string;
  /** The message it follows; the newest of the branch when it is left out. */
  after?: string | null;
  again?: boolean;
}

export interface Tutor {
  conversation: Conversation;
  threads: Loaded<TutorThread[]>;
  without: readonly ChipKind[];
  setWithout: (without: ChipKind[]) => void;
  /** Answers whether the question went on its way; when not, `conversation.error` says why. */
  ask: (question: Question) => Promise<boolean>;
  stop: () => void;
  open: (thread: string, leaf?: string) => void;
  fresh: () => void;
  show: (message: string) => void;
  rename: (title: string) => void;
  remove: (thread: string) => void;
  exportAs: (names: [string, string]) => void;
  /** What the last action came to, in a sentence. */
  said: string | null;
  failure: ApiError | null;
}

export function useTutor(
  lesson: LessonRef,
  language: Language,
  surrounding: () => Surrounding,
): Tutor {
  const platform = usePlatform();
  const { t } = useTranslation('tutor');
  const { setSpending } = useAi();
  const [conversation, setConversation] = useState<Conversation>(EMPTY);
  const [without, setWithout] = useState<readonly ChipKind[]>([]);
  const [said, setSaid] = useState<string | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const newest = useRef(conversation);
  newest.current = conversation;
  const threads = useLoad(`${lesson.course}/${lesson.lesson}`, () => platform.tutorThreads(lesson));
  const { reload } = threads;

  // The conversation that was last spoken in is there again; who wants another begins one.
  const [first] = threads.value ?? [];
  const began = useRef(false);
  useEffect(() => {
    if (began.current || !first) return;
    began.current = true;
    platform.tutorOpen(first.id, language).then(
      (found) => setConversation((old) => (old.thread || old.streaming ? old : opened(found))),
      (thrown) => setFailure(toApiError(thrown)),
    );
  }, [first, platform, language]);

  // An answer goes on without its pane; leaving the lesson stops it, as it stops a program.
  useEffect(
    () => () => {
      const { streaming } = newest.current;
      if (streaming) void platform.tutorStop(streaming.askId);
    },
    [platform],
  );

  const receive = useCallback(
    (askId: string, events: readonly AskEvent[]) => {
      setConversation((old) => events.reduce((state, event) => step(state, askId, event), old));
      for (const event of events) {
        if (event.type === 'finished') {
          setSpending(event.spending);
          announce(t('announce.done', { text: spoken(htmlOf(event.answer)) }));
        }
        if (event.type === 'failed') announce(t('announce.failed'));
        if (event.type === 'tool' && event.tool.state !== 'running') {
          announce(lookedWords(event.tool, t));
        }
        if (event.type === 'withheld') announce(t('withheld'));
        if (event.type === 'finished' || event.type === 'failed') reload();
      }
    },
    [reload, setSpending, t],
  );

  async function ask(question: Question): Promise<boolean> {
    const before = newest.current;
    if (before.streaming) return false;
    const askId = crypto.randomUUID();
    const thread = before.thread?.id ?? null;
    const after = question.after === undefined ? before.leaf : question.after;
    began.current = true;
    setSaid(null);
    setFailure(null);
    setConversation(asked(before, askId));
    return platform
      .tutorAsk(
        {
          askId,
          thread,
          after: thread === null ? null : after,
          again: question.again ?? false,
          kind: question.kind,
          text: question.text,
          surrounding: surrounding(),
          without: [...without],
        },
        (events) => receive(askId, events),
      )
      .then(
        () => true,
        (thrown: unknown) => {
          const { code, message, requestId } = toApiError(thrown);
          receive(askId, [{ type: 'failed', error: { code, message, requestId }, answer: null }]);
          return false;
        },
      );
  }

  /** Does something on the other side and says what it came to. */
  async function act<T>(call: Promise<T>, then: (value: T) => void) {
    setSaid(null);
    try {
      then(await call);
      setFailure(null);
    } catch (thrown) {
      setFailure(toApiError(thrown));
    }
  }

  return {
    conversation,
    threads,
    without,
    setWithout,
    ask,
    stop() {
      const { streaming } = newest.current;
      if (!streaming || streaming.stopping) return;
      setConversation(stopping);
      void act(platform.tutorStop(streaming.askId), () => announce(t('announce.stopped')));
    },
    open(thread, leaf) {
      began.current = true;
      void act(platform.tutorOpen(thread, language), (found) => {
        const next = opened(found);
        setConversation(leaf ? { ...next, leaf: leafBelow(next.messages, leaf) } : next);
      });
    },
    fresh() {
      began.current = true;
      setConversation(EMPTY);
    },
    show(message) {
      const { thread, messages } = newest.current;
      const leaf = leafBelow(messages, message);
      setConversation((old) => ({ ...old, leaf }));
      if (thread) void act(platform.tutorShow(thread.id, leaf), () => undefined);
    },
    rename(title) {
      const { thread } = newest.current;
      if (!thread) return;
      void act(platform.tutorRename(thread.id, title), () => {
        setConversation((old) => ({ ...old, thread: old.thread && { ...old.thread, title } }));
        reload();
      });
    },
    remove(thread) {
      void act(platform.tutorDelete(thread), () => {
        if (newest.current.thread?.id === thread) setConversation(EMPTY);
        reload();
      });
    },
    exportAs(names) {
      const { thread } = newest.current;
      const leaf = branch(newest.current).at(-1)?.id;
      if (!thread || !leaf) return;
      void act(platform.tutorExport(thread.id, leaf, names), (path) => {
        const text = t('exported', { path });
        setSaid(text);
        announce(text);
      });
    },
    said,
    failure,
  };
}

/** A longer answer is read in the conversation, at one's own pace: nobody can stop a live region. */
const SPOKEN = 1200;
/** So much HTML is taken apart for it, tags and all. */
const SPOKEN_HTML = 10 * SPOKEN;

/** The words alone, for who hears them: the beginning, up to a space. */
function spoken(html: string): string {
  const page = new DOMParser().parseFromString(html.slice(0, SPOKEN_HTML), 'text/html');
  const text = page.body.textContent?.trim() ?? '';
  if (text.length <= SPOKEN && html.length <= SPOKEN_HTML) return text;
  return `${text.slice(0, SPOKEN).replace(/\s\S*$/, '')} …`;
}
