// What was said, one below the other, and the answer that is on its way.

import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { TutorMessage } from '../../bindings/TutorMessage';
import { Spinner } from '../../components/Progress';
import { htmlLanguage } from '../../lib/i18n';
import { AnswerFoot, AnswerHead } from './Answer';
import { AnswerText } from './AnswerText';
import { type Streaming, settledParts, siblings } from './conversation';
import { LookedUp } from './LookedUp';
import styles from './Message.module.css';
import { Mine } from './Mine';
import { Thinking } from './Thinking';
import type { RenderProse } from './TutorPane';
import type { Tutor } from './use-tutor';

export interface MessageListProps {
  tutor: Tutor;
  messages: readonly TutorMessage[];
  language: Language;
  prose: RenderProse;
  canAsk: boolean;
  onAnchor: (id: string) => void;
  onLesson: (lesson: LessonRef, anchor: string | null) => void;
  onInsert: (code: string) => void;
  onDiff: (code: string) => void;
  entry: string | null;
}

export function MessageList(props: MessageListProps) {
  const { tutor, messages, language } = props;
  const { conversation } = tutor;
  const { streaming } = conversation;
  const isShown = messages.some(({ id }) => id === streaming?.answer);
  return (
    <ol className={styles.list} lang={htmlLanguage(language)}>
      {messages.map((message, at) => {
        const beside = siblings(conversation.messages, message);
        const last = at === messages.length - 1;
        if (!message.mine) {
          const coming = message.id === streaming?.answer ? streaming : null;
          return (
            <TutorSays
              key={message.id}
              {...props}
              message={message}
              beside={beside}
              last={last}
              coming={coming}
            />
          );
        }
        return (
          <li key={message.id} className={styles.mine}>
            <Who mine />
            <Mine message={message} beside={beside} {...props} />
          </li>
        );
      })}
      {streaming && !isShown && (
        <li className={styles.answer} aria-busy>
          <Who />
          <ComingHead streaming={streaming} />
        </li>
      )}
    </ol>
  );
}

function Who({ mine = false }: { mine?: boolean }) {
  const { t } = useTranslation('tutor');
  return (
    <h3 className={styles.who} lang={undefined}>
      {t(mine ? 'you' : 'tutor')}
    </h3>
  );
}

interface TutorSaysProps extends MessageListProps {
  message: TutorMessage;
  beside: readonly TutorMessage[];
  last: boolean;
  coming: Streaming | null;
}

/** One answer, on its way or there: its words keep their elements when it ends. */
function TutorSays({ coming, ...props }: TutorSaysProps) {
  const { message, tutor, prose, onAnchor, onInsert, onDiff, entry } = props;
  const { t } = useTranslation('tutor');
  const drawn = tutor.conversation.drawn.get(message.id);
  const pieces = coming?.sealed ?? drawn ?? settledParts(message.parts, []);
  const { hasMath } = coming ?? message;
  const drawing = { hasMath, prose, onAnchor, onInsert, onDiff, entry };
  return (
    <li className={styles.answer} aria-busy={coming ? true : undefined}>
      <Who />
      {coming ? <ComingHead streaming={coming} /> : <AnswerHead message={message} />}
      <div key="words">
        {pieces.map((piece, at) =>
          'tool' in piece ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place; those before it never change
            <LookedUp key={at} tool={piece.tool} onLesson={props.onLesson} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: likewise
            <AnswerText key={at} html={piece.html} {...drawing} />
          ),
        )}
        {coming && coming.growing !== '' && (
          <AnswerText key="growing" html={coming.growing} {...drawing} growing />
        )}
        {coming && waitsBehindTool(coming) && <Spinner label={t('waiting')} />}
      </div>
      {!coming && <AnswerFoot {...props} />}
    </li>
  );
}

/** Something was looked up, and the words after it are still to come. */
function waitsBehindTool({ sealed, growing }: Streaming): boolean {
  const last = sealed.at(-1);
  return growing === '' && last !== undefined && 'tool' in last;
}

/** What is to be said before the first words of an answer that is on its way. */
function ComingHead({ streaming }: { streaming: Streaming }) {
  const { t } = useTranslation('tutor');
  const { sealed, growing, thinking, withheld, waitMs } = streaming;
  const silent = sealed.length === 0 && growing === '';
  return (
    <>
      {withheld && <p className={styles.note}>{t('withheld')}</p>}
      {waitMs !== null && (
        <p className={styles.note}>{t('retrying', { seconds: Math.ceil(waitMs / 1000) })}</p>
      )}
      {thinking !== '' && <Thinking text={thinking} open={false} />}
      {silent && <Spinner label={t(thinking === '' ? 'waiting' : 'thinkingNow')} />}
    </>
  );
}
