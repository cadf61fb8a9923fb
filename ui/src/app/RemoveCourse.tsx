// Takes a course away, after a question: the text alone, or the learner's work in it too.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CourseSummary } from '../bindings/CourseSummary';
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
type Ending = { copy: string } | { error: ApiError };

export function RemoveCourse({ shelf, language }: { shelf: Shelf; language: Language }) {
  const { t } = useTranslation(['courses', 'common']);
  const platform = usePlatform();
  const [ending, setEnding] = useState<Ending | null>(null);
  const { leaving } = shelf;

  async function remove(course: string, withWork: boolean) {
    try {
      const { copy } = await platform.courseRemove(course, withWork);
      announce(t('shelf.removed'));
      if (copy !== null) setEnding({ copy });
      shelf.changed();
    } catch (thrown) {
      setEnding({ error: toApiError(thrown) });
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
      <Dialog
        open={ending !== null}
        onClose={() => setEnding(null)}
        title={t('shelf.remove')}
        actions={<Button onClick={() => setEnding(null)}>{t('common:close')}</Button>}
      >
        {ending && 'error' in ending && <ErrorNotice error={ending.error} />}
        {ending && 'copy' in ending && <p>{t('shelf.removedWork', { path: ending.copy })}</p>}
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
