// Takes a course away, after a question: the text alone, or the learner's work in it too; and what was
// kept of a course that is gone.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CourseSummary } from '../bindings/CourseSummary';
import type { KeptWork } from '../bindings/KeptWork';
import type { Language } from '../bindings/Language';
import { announce } from '../components/announcer';
import { Button } from '../components/Button';
import { ConfirmDialog } from '../components/ConfirmDialog';
import { Dialog } from '../components/Dialog';
import { ErrorNotice } from '../components/ErrorNotice';
import { type ApiError, toApiError } from '../lib/api-error';
import { pick } from '../lib/i18n';
import { usePlatform } from '../platform/context';
import styles from './Shelf.module.css';
import type { Shelf } from './use-shelf';

/** What came of it, when there is more to say than that it is done. */
type Ending = { title: string } & ({ words: string } | { error: ApiError });

export function RemoveCourse({ shelf, language }: { shelf: Shelf; language: Language }) {
  const { t } = useTranslation(['courses', 'common']);
  const platform = usePlatform();
  const [ending, setEnding] = useState<Ending | null>(null);
  const { leaving, forgetting } = shelf;

  async function remove(course: string, withWork: boolean) {
    const title = t('shelf.remove');
    try {
      const { copy } = await platform.courseRemove(course, withWork);
      announce(t('shelf.removed'));
      if (copy !== null) setEnding({ title, words: t('shelf.removedWork', { path: copy }) });
      shelf.changed();
    } catch (thrown) {
      setEnding({ title, error: toApiError(thrown) });
    }
  }

  async function forget({ course }: KeptWork) {
    const title = t('kept.title');
    try {
      const { copy } = await platform.courseRemove(course, true);
      announce(t('kept.forgotten'));
      // Without a copy there was nothing left to forget: somebody else did it meanwhile.
      if (copy !== null) setEnding({ title, words: t('kept.done', { course, path: copy }) });
      shelf.changed();
    } catch (thrown) {
      setEnding({ title, error: toApiError(thrown) });
    }
  }

  return (
    <>
      {leaving && (
        <Question
          key={leaving.id}
          course={leaving}
          language={language}
          onRemove={(withWork) => void remove(leaving.id, withWork)}
          onClose={() => shelf.remove(null)}
        />
      )}
      {forgetting && (
        <ConfirmDialog
          open
          title={t('kept.askTitle', { course: forgetting.course })}
          description={t('kept.askText')}
          confirm={t('kept.ask')}
          danger
          onConfirm={() => void forget(forgetting)}
          onClose={() => shelf.forget(null)}
        />
      )}
      <Dialog
        open={ending !== null}
        onClose={() => setEnding(null)}
        title={ending?.title ?? ''}
        actions={<Button onClick={() => setEnding(null)}>{t('common:close')}</Button>}
      >
        {ending && 'error' in ending && <ErrorNotice error={ending.error} />}
        {ending && 'words' in ending && <p>{ending.words}</p>}
      </Dialog>
    </>
  );
}

interface QuestionProps {
  course: CourseSummary;
  language: Language;
  onRemove: (withWork: boolean) => void;
  onClose: () => void;
}

function Question({ course, language, onRemove, onClose }: QuestionProps) {
  const { t } = useTranslation('courses');
  const [withWork, setWithWork] = useState(false);
  return (
    <ConfirmDialog
      open
      title={t('shelf.removeTitle', { title: pick(course.title, language) })}
      description={t(withWork ? 'shelf.removeWorkText' : 'shelf.removeText')}
      confirm={t(withWork ? 'shelf.removeWork' : 'shelf.remove')}
      danger={withWork}
      onConfirm={() => onRemove(withWork)}
      onClose={onClose}
    >
      <label className={styles.withWork}>
        <input
          type="checkbox"
          checked={withWork}
          onChange={(event) => setWithWork(event.target.checked)}
        />
        {t('shelf.withWork')}
      </label>
    </ConfirmDialog>
  );
}
