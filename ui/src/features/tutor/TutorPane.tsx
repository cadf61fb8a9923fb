// The tutor beside the lesson: the conversation, the question, what goes along with it. Without a key
// the pane still helps: the lesson's hints, and how to get one.

import { ArrowDown, KeyRound, MessageCircleQuestion } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { Surrounding } from '../../bindings/Surrounding';
import type { TutorMessage } from '../../bindings/TutorMessage';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Notice } from '../../components/Notice';
import { useAi } from '../../lib/ai';
import { ApiError } from '../../lib/api-error';
import { useFollow } from '../../lib/follow';
import { Composer } from './Composer';
import { branch } from './conversation';
import { MessageList } from './MessageList';
import { ThreadBar } from './ThreadBar';
import styles from './TutorPane.module.css';
import { type Tutor, useTutor } from './use-tutor';

/** What another place wants: the output, the checks, the editor ask; a search opens. */
export type TutorWish =
  | { kind: 'hint' | 'error' | 'cursor' }
  | { kind: 'open'; thread: string; message: string };

/** Draws a piece of the tutor's words as the lesson's text is drawn. */
export type RenderProse = (html: string, hasMath: boolean) => ReactNode;

export interface TutorPaneProps {
  lesson: LessonRef;
  /** Of the lesson, and of the answers. */
  language: Language;
  /** What is on the screen now. */
  surrounding: () => Surrounding;
  prose: RenderProse;
  /** The lesson's own hints. */
  hints: ReactNode;
  /** Asked for elsewhere; a new object asks again. */
  wish: TutorWish | null;
  /** The wish is on its way. */
  onWished: () => void;
  /** Where a key is entered, while there is none. */
  keyField: ReactNode;
  onSettings: () => void;
  /** Opens a heading of the lesson. */
  onAnchor: (id: string) => void;
  /** Opens another lesson, perhaps at a heading. */
  onLesson: (lesson: LessonRef, anchor: string | null) => void;
  /** Puts code into the editor. */
  onInsert: (code: string) => void;
  /** Shows code beside the editor's. */
  onDiff: (code: string) => void;
  /** The file that is run, whose language code has that can be taken in. None while it is not known. */
  entry: string | null;
  /** Opens a conversation about another lesson. */
  onElsewhere: (lesson: LessonRef, wish: TutorWish) => void;
}

export function TutorPane(props: TutorPaneProps) {
  const { lesson, language, surrounding, wish, onWished } = props;
  const { t } = useTranslation('tutor');
  const { ai } = useAi();
  const tutor = useTutor(lesson, language, surrounding);
  const { conversation } = tutor;
  const messages = branch(conversation);
  const ready = ai?.ready === true;
  const level = ai?.spending.level;

  const done = useRef<TutorWish | null>(null);
  useEffect(() => {
    if (!wish || done.current === wish || (!ai && wish.kind !== 'open')) return;
    // Without a key the pane says so; the wish is over then, and does not wait for one.
    done.current = wish;
    onWished();
    if (wish.kind === 'open') tutor.open(wish.thread, wish.message);
    else if (ready) void tutor.ask({ kind: wish.kind, text: '' });
  });

  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const turn = useTurn(tutor);
  const follow = useFollow(scroller, content, turn, messages.length);

  const nothing = messages.length === 0 && !conversation.streaming;
  return (
    <section className={styles.pane} aria-label={t('label')}>
      {(ready || messages.length > 0) && (
        <ThreadBar tutor={tutor} lesson={lesson} onElsewhere={props.onElsewhere} />
      )}
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={follow.onScroll}
        onWheel={follow.onGesture}
        onKeyDown={follow.onGesture}
        onPointerDown={follow.onGesture}
        onPointerMove={(event) => event.buttons > 0 && follow.onGesture()}
        tabIndex={0}
        data-pane-focus
        role="log"
        // What is said is announced once it is whole.
        aria-live="off"
        aria-label={t('log')}
      >
        <div ref={content} className={styles.column}>
          {!ready && <NoKey {...props} />}
          {ready && nothing && !conversation.error && (
            <EmptyState
              icon={<MessageCircleQuestion aria-hidden />}
              title={t('emptyTitle')}
              text={t('emptyText')}
            />
          )}
          <MessageList
            tutor={tutor}
            messages={messages}
            language={language}
            prose={props.prose}
            canAsk={ready && level !== 'reached'}
            onAnchor={props.onAnchor}
            onLesson={props.onLesson}
            onInsert={props.onInsert}
            onDiff={props.onDiff}
            entry={props.entry}
          />
          {conversation.error && (
            <>
              <Failure tutor={tutor} last={messages.at(-1)} onSettings={props.onSettings} />
              <Meanwhile title={t('meanwhileBroken')} hints={props.hints} />
            </>
          )}
          {tutor.failure && <ErrorNotice error={tutor.failure} />}
          {tutor.said && <Notice kind="ok">{tutor.said}</Notice>}
          {level === 'near' && <Notice kind="warn">{t('near')}</Notice>}
          {level === 'reached' && <Notice kind="warn">{t('reached')}</Notice>}
        </div>
      </div>
      {follow.away && (
        <Button className={styles.bottom} icon={<ArrowDown aria-hidden />} onClick={follow.toEnd}>
          {t('bottom')}
        </Button>
      )}
      {ready && (
        <Composer
          tutor={tutor}
          surrounding={surrounding}
          language={language}
          disabled={level === 'reached'}
        />
      )}
    </section>
  );
}

/** Names the question that is followed: the newest one of this conversation, if there is one. */
function useTurn({ conversation }: Tutor): string | null {
  const asked = useRef('');
  if (conversation.streaming) asked.current = conversation.streaming.askId;
  if (!conversation.thread && !conversation.streaming) return null;
  return `${conversation.thread?.id ?? ''} ${asked.current}`;
}

/** What went wrong, and the two ways on. */
function Failure(props: { tutor: Tutor; last: TutorMessage | undefined; onSettings: () => void }) {
  const { tutor, last, onSettings } = props;
  const { t } = useTranslation('tutor');
  const { error } = tutor.conversation;
  if (!error) return null;
  const question = last?.state === 'failed' ? last.parent : null;
  return (
    <ErrorNotice
      error={new ApiError(error)}
      actions={
        <>
          {last && question !== null && (
            <Button
              onClick={() =>
                void tutor.ask({ kind: last.kind, text: '', after: question, again: true })
              }
            >
              {t('askAgain')}
            </Button>
          )}
          <Button onClick={onSettings}>{t('settings')}</Button>
        </>
      }
    />
  );
}

function NoKey({ keyField, hints, onSettings }: TutorPaneProps) {
  const { t } = useTranslation('tutor');
  return (
    <>
      <EmptyState icon={<KeyRound aria-hidden />} title={t('noKeyTitle')} text={t('noKeyText')} />
      <ol className={styles.steps}>
        <li>{t('noKeyStep.account')}</li>
        <li>{t('noKeyStep.key')}</li>
        <li>{t('noKeyStep.paste')}</li>
      </ol>
      <div className={styles.key}>{keyField}</div>
      <p className={styles.other}>
        <Button kind="quiet" onClick={onSettings}>
          {t('noKeyOther')}
        </Button>
      </p>
      <Meanwhile title={t('meanwhile')} hints={hints} />
    </>
  );
}

/** What helps while no model can. */
function Meanwhile({ title, hints }: { title: string; hints: ReactNode }) {
  return (
    <>
      <h2 className={styles.meanwhile}>{title}</h2>
      <div className={styles.hints}>{hints}</div>
    </>
  );
}
