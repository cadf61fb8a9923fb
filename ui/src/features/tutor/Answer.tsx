// What stands around the words of an answer that is there: its rung, what it was given and what it
// cost, and what one can do with it.

import { ArrowUpFromLine, Copy, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TutorMessage } from '../../bindings/TutorMessage';
import { announce } from '../../components/announcer';
import { Button } from '../../components/Button';
import { IconButton } from '../../components/IconButton';
import { spokenLanguage } from '../../lib/i18n';
import { countText, moneyText } from '../../lib/money';
import { Branches } from './Branches';
import { thinkingOf } from './conversation';
import styles from './Message.module.css';
import type { MessageListProps } from './MessageList';
import { Thinking } from './Thinking';

/** Above the words. */
export function AnswerHead({ message }: { message: TutorMessage }) {
  const { t } = useTranslation('tutor');
  const { rung } = message;
  const thinking = thinkingOf(message);
  return (
    <>
      {rung && <p className={styles.rung}>{t('rungIs', { rung: t(`rung.${rung}`) })}</p>}
      {thinking !== '' && <Thinking text={thinking} open={false} />}
    </>
  );
}

export interface AnswerFootProps extends MessageListProps {
  message: TutorMessage;
  beside: readonly TutorMessage[];
  /** The newest of the branch. */
  last: boolean;
}

/** Below the words. */
export function AnswerFoot({ message, beside, last, tutor, canAsk }: AnswerFootProps) {
  const { t } = useTranslation('tutor');
  const [copied, setCopied] = useState(false);
  const { t: words } = useTranslation('errors');
  const { rung, state, text, chips, error } = message;
  // The notice below says it at length.
  const isTold = last && state === 'failed' && tutor.conversation.error !== null;
  const busy = tutor.conversation.streaming !== null;

  async function copy() {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setCopied(done);
    announce(t(done ? 'copied' : 'notCopied'));
  }

  return (
    <>
      {state !== 'done' && !isTold && (
        <p className={styles.note}>
          {state === 'failed' && error ? words(`codes.${error}.title`) : t(`state.${state}`)}
        </p>
      )}
      {message.cut && <p className={styles.note}>{t('cut')}</p>}
      {chips.length > 0 && (
        <p className={styles.given}>
          {t('given', { what: chips.map((chip) => t(`chip.${chip.kind}`)).join(t('and')) })}
        </p>
      )}
      <span className={styles.row}>
        {text !== '' && (
          <IconButton label={t(copied ? 'copied' : 'copy')} onClick={() => void copy()}>
            <Copy aria-hidden />
          </IconButton>
        )}
        {canAsk && !busy && message.parent !== null && (
          <IconButton
            label={t('again')}
            onClick={() =>
              void tutor.ask({ kind: message.kind, text: '', after: message.parent, again: true })
            }
          >
            <RefreshCw aria-hidden />
          </IconButton>
        )}
        <Branches message={message} beside={beside} disabled={busy} onShow={tutor.show} />
        {canAsk && last && !busy && rung !== null && rung !== 'solution' && (
          <Button
            kind="quiet"
            icon={<ArrowUpFromLine aria-hidden />}
            onClick={() => void tutor.ask({ kind: 'more', text: '' })}
          >
            {t('more')}
          </Button>
        )}
        <Cost message={message} />
      </span>
    </>
  );
}

function Cost({ message }: { message: TutorMessage }) {
  const { t } = useTranslation('tutor');
  const { cost, model } = message;
  if (!cost) return null;
  const language = spokenLanguage();
  const tokens = countText(cost.input + cost.output, language);
  const words = cost.money
    ? t('cost', { tokens, money: moneyText(cost.money, language) })
    : t('tokens', { tokens });
  const detail = t('costDetail', {
    model,
    input: countText(cost.input, language),
    cached: countText(cost.cached, language),
    output: countText(cost.output, language),
  });
  return (
    <span className={styles.cost} title={detail}>
      {words}
    </span>
  );
}
