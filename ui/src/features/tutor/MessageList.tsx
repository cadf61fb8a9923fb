// What was said, one below the other, and the answer that is on its way.

import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { TutorMessage } from '../../bindings/TutorMessage';
import { Spinner } from '../../components/Progress';
import { htmlLanguage } from '../../lib/i18n';
import { Answer } from './Answer';
import { AnswerText } from './AnswerText';
import { type Streaming, siblings } from './conversation';
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
  onInsert: (code: string) => void;
  onDiff: (code: string) => void;
}

export function MessageList(props: MessageListProps) {
  const { tutor, messages, language } = props;
  const { t } = useTranslation('tutor');
  const { conversation } = tutor;
  const { streaming } = conversation;
  return (
    <ol className={styles.list} lang={htmlLanguage(language)}>
      {messages.map((message, at) => {
        if (message.id === streaming?.answer) return null;
        const beside = siblings(conversation.messages, message);
        const last = at === messages.length - 1;
        return (
          <li key={message.id} className={message.mine ? styles.mine : styles.answer}>
            <h3 className={styles.who} lang={undefined}>
              {t(message.mine ? 'you' : 'tutor')}
            </h3>
            {message.mine ? (
              <Mine message={message} beside={beside} {...props} />
            ) : (
              <Answer message={message} beside={beside} last={last} {...props} />
            )}
          </li>
        );
      })}
      {streaming && (
        <li className={styles.answer} aria-busy>
          <h3 className={styles.who} lang={undefined}>
            {t('tutor')}
          </h3>
          <Coming streaming={streaming} {...props} />
        </li>
      )}
    </ol>
  );
}

function Coming({ streaming, ...props }: MessageListProps & { streaming: Streaming }) {
  const { t } = useTranslation('tutor');
  const { sealed, growing, thinking, hasMath, withheld, waitMs } = streaming;
  const silent = sealed.length === 0 && growing === '';
  return (
    <>
      {withheld && <p className={styles.note}>{t('withheld')}</p>}
      {waitMs !== null && (
        <p className={styles.note}>{t('retrying', { seconds: Math.ceil(waitMs / 1000) })}</p>
      )}
      {thinking !== '' && <Thinking text={thinking} open={false} />}
      {silent && <Spinner label={t(thinking === '' ? 'waiting' : 'thinkingNow')} />}
      {sealed.map((html, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block is its place; those before it never change
        <AnswerText key={at} html={html} hasMath={hasMath} {...props} />
      ))}
      {growing !== '' && <AnswerText html={growing} hasMath={hasMath} {...props} growing />}
    </>
  );
}
