// A question of the learner's, which can be changed and asked anew: the old one stays as a branch.

import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TutorMessage } from '../../bindings/TutorMessage';
import { Button } from '../../components/Button';
import { IconButton } from '../../components/IconButton';
import { Branches } from './Branches';
import styles from './Message.module.css';
import type { MessageListProps } from './MessageList';

export interface MineProps extends MessageListProps {
  message: TutorMessage;
  beside: readonly TutorMessage[];
}

export function Mine({ message, beside, tutor, canAsk }: MineProps) {
  const { t } = useTranslation('tutor');
  const [text, setText] = useState<string | null>(null);
  const busy = tutor.conversation.streaming !== null;

  function send(event: FormEvent) {
    event.preventDefault();
    if (text === null || text.trim() === '' || busy) return;
    setText(null);
    void tutor.ask({ kind: 'question', text, after: message.parent }).then((went) => {
      if (!went) setText(text);
    });
  }

  if (text !== null) {
    return (
      <form className={styles.edit} onSubmit={send}>
        <textarea
          className={styles.field}
          aria-label={t('edit')}
          value={text}
          rows={3}
          // biome-ignore lint/a11y/noAutofocus: the learner asked to write here
          autoFocus
          onChange={(event) => setText(event.target.value)}
        />
        <span className={styles.row}>
          <Button type="submit" kind="primary">
            {t('send')}
          </Button>
          <Button kind="quiet" onClick={() => setText(null)}>
            {t('cancelEdit')}
          </Button>
        </span>
      </form>
    );
  }
  return (
    <>
      <p className={styles.words}>{message.text}</p>
      <span className={styles.row}>
        {canAsk && !busy && (
          <IconButton label={t('edit')} onClick={() => setText(message.text)}>
            <Pencil aria-hidden />
          </IconButton>
        )}
        <Branches message={message} beside={beside} disabled={busy} onShow={tutor.show} />
      </span>
    </>
  );
}
