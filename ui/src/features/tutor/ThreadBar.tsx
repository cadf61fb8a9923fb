// Which conversation is open: its name, the list of all with a search, a new one, and what one can do
// with it.

import { Ellipsis, History, MessageSquarePlus, Pencil, Save, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../bindings/LessonRef';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { IconButton } from '../../components/IconButton';
import { Menu } from '../../components/Menu';
import styles from './ThreadBar.module.css';
import { ThreadList } from './ThreadList';
import type { TutorWish } from './TutorPane';
import type { Tutor } from './use-tutor';

export interface ThreadBarProps {
  tutor: Tutor;
  lesson: LessonRef;
  onElsewhere: (lesson: LessonRef, wish: TutorWish) => void;
}

export function ThreadBar({ tutor, lesson, onElsewhere }: ThreadBarProps) {
  const { t } = useTranslation('tutor');
  const [listing, setListing] = useState(false);
  const [naming, setNaming] = useState<string | null>(null);
  const [deleting, setDeleting] = useState(false);
  const { thread, streaming } = tutor.conversation;
  const busy = streaming !== null;

  function rename(event: FormEvent) {
    event.preventDefault();
    if (naming !== null && naming.trim() !== '') tutor.rename(naming.trim());
    setNaming(null);
  }

  return (
    <div className={styles.bar}>
      {naming === null ? (
        <span className={styles.title} title={thread?.title}>
          {thread?.title ?? t('newTitle')}
        </span>
      ) : (
        <form className={styles.naming} onSubmit={rename}>
          <input
            className={styles.field}
            aria-label={t('name')}
            value={naming}
            maxLength={80}
            // biome-ignore lint/a11y/noAutofocus: the learner asked to write here
            autoFocus
            onChange={(event) => setNaming(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setNaming(null)}
          />
          <Button type="submit">{t('rename')}</Button>
        </form>
      )}
      <IconButton label={t('conversations')} onClick={() => setListing(true)}>
        <History aria-hidden />
      </IconButton>
      <IconButton label={t('new')} aria-disabled={busy} onClick={() => !busy && tutor.fresh()}>
        <MessageSquarePlus aria-hidden />
      </IconButton>
      {thread && (
        <Menu
          trigger={
            <IconButton label={t('menu')}>
              <Ellipsis aria-hidden />
            </IconButton>
          }
          items={[
            {
              id: 'rename',
              label: t('rename'),
              icon: <Pencil aria-hidden />,
              onSelect: () => setNaming(thread.title),
            },
            {
              id: 'export',
              label: t('export'),
              icon: <Save aria-hidden />,
              onSelect: () => tutor.exportAs([t('you'), t('tutor')]),
            },
            {
              id: 'delete',
              label: t('delete'),
              icon: <Trash2 aria-hidden />,
              disabled: busy,
              onSelect: () => setDeleting(true),
            },
          ]}
        />
      )}
      <ThreadList
        tutor={tutor}
        lesson={lesson}
        open={listing}
        onClose={() => setListing(false)}
        onElsewhere={onElsewhere}
      />
      <ConfirmDialog
        open={deleting}
        title={t('deleteTitle')}
        description={t('deleteText')}
        confirm={t('delete')}
        danger
        onClose={() => setDeleting(false)}
        onConfirm={() => thread && tutor.remove(thread.id)}
      />
    </div>
  );
}
