// The tutor beside the lesson: the conversation, the question, what goes along with it. Without a key
// the pane still helps: the lesson's hints, and how to get one.

import { KeyRound, MessageCircleQuestion } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { Surrounding } from '../../bindings/Surrounding';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Notice } from '../../components/Notice';
import { useAi } from '../../lib/ai';
import { ApiError } from '../../lib/api-error';
import { Composer } from './Composer';
import { branch } from './conversation';
import { MessageList } from './MessageList';
import { ThreadBar } from './ThreadBar';
import styles from './TutorPane.module.css';
import { useTutor } from './use-tutor';

/** A question that another place asks: the output, the checks, the editor. */
export interface TutorWish {
  kind: 'hint' | 'error' | 'cursor';
}

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
  onSettings: () => void;
  /** Opens a heading of the lesson. */
  onAnchor: (id: string) => void;
  /** Puts code into the editor. */
  onInsert: (code: string) => void;
  /** Shows code beside the editor's. */
  onDiff: (code: string) => void;
}

export function TutorPane(props: TutorPaneProps) {
  const { lesson, language, surrounding, wish } = props;
  const { t } = useTranslation('tutor');
  const { ai } = useAi();
  const tutor = useTutor(lesson, language, surrounding);
  const { conversation } = tutor;
  const messages = branch(conversation);
  const ready = ai?.ready === true;
  const level = ai?.spending.level;

  const done = useRef<TutorWish | null>(null);
  useEffect(() => {
    if (!wish || done.current === wish || !ai) return;
    // Without a key the pane says so; the wish is over then, and does not wait for one.
    done.current = wish;
    if (ready) tutor.ask({ kind: wish.kind, text: '' });
  });

  const nothing = messages.length === 0 && !conversation.streaming;
  return (
    <section className={styles.pane} aria-label={t('label')}>
      {(ready || messages.length > 0) && <ThreadBar tutor={tutor} />}
      <div
        className={styles.scroller}
        tabIndex={0}
        data-pane-focus
        role="log"
        // What is said is announced once it is whole.
        aria-live="off"
        aria-label={t('log')}
      >
        <div className={styles.column}>
          {!ready && <NoKey onSettings={props.onSettings} hints={props.hints} />}
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
            onInsert={props.onInsert}
            onDiff={props.onDiff}
          />
          {conversation.error && (
            <ErrorNotice
              error={new ApiError(conversation.error)}
              actions={<Button onClick={props.onSettings}>{t('settings')}</Button>}
            />
          )}
          {tutor.failure && <ErrorNotice error={tutor.failure} />}
          {tutor.said && <Notice kind="ok">{tutor.said}</Notice>}
          {level === 'near' && <Notice kind="warn">{t('near')}</Notice>}
          {level === 'reached' && <Notice kind="warn">{t('reached')}</Notice>}
        </div>
      </div>
      {ready && <Composer tutor={tutor} surrounding={surrounding} disabled={level === 'reached'} />}
    </section>
  );
}

function NoKey({ onSettings, hints }: { onSettings: () => void; hints: ReactNode }) {
  const { t } = useTranslation('tutor');
  return (
    <>
      <EmptyState
        icon={<KeyRound aria-hidden />}
        title={t('noKeyTitle')}
        text={t('noKeyText')}
        action={
          <Button kind="primary" onClick={onSettings}>
            {t('noKeyAction')}
          </Button>
        }
      />
      <ol className={styles.steps}>
        <li>{t('noKeyStep.account')}</li>
        <li>{t('noKeyStep.key')}</li>
        <li>{t('noKeyStep.paste')}</li>
      </ol>
      <h2 className={styles.meanwhile}>{t('meanwhile')}</h2>
      {hints}
    </>
  );
}
