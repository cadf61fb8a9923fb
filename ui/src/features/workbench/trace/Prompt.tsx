// What a model was given, message by message. Long conversations begin folded: the last message is
// what it answers.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/Button';
import { type ChatMessage, messagesOf, pretty } from './reply';
import styles from './SpanDetail.module.css';

/** Of longer conversations the first message and the last ones are shown. */
const SHOWN = 4;

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const;

/** A role that has a word. */
export function roleOf(role: string) {
  return ROLES.find((known) => known === role);
}

export function Prompt({ input }: { input: string }) {
  const { t } = useTranslation('workbench');
  const [all, setAll] = useState(false);
  const messages = messagesOf(input);
  if (!messages) {
    return (
      <div className={styles.part}>
        <h4 className={styles.label}>{t('trace.prompt')}</h4>
        <pre className={styles.code}>{pretty(input)}</pre>
      </div>
    );
  }
  const hidden = all ? 0 : Math.max(0, messages.length - SHOWN);
  const shown = messages.filter((_, at) => at === 0 || at > hidden);
  return (
    <div className={styles.part}>
      <h4 className={styles.label}>{t('trace.prompt')}</h4>
      {shown.map((message, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a message is its place
        <Message key={at} message={message} />
      ))}
      {hidden > 0 && (
        <Button onClick={() => setAll(true)}>{t('trace.allMessages', { count: hidden })}</Button>
      )}
    </div>
  );
}

function Message({ message }: { message: ChatMessage }) {
  const { t } = useTranslation('workbench');
  const role = roleOf(message.role);
  return (
    <div className={styles.message} data-role={message.role}>
      <span className={styles.role}>{role ? t(`trace.role.${role}`) : message.role}</span>
      <pre className={styles.code}>
        {[message.text, ...message.calls.map(({ name, args }) => `→ ${name}(${args})`)]
          .filter((text) => text !== '')
          .join('\n')}
      </pre>
    </div>
  );
}
