// Somebody's code of a lesson, beside one's own. To be looked at: nothing of it is taken over here.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../bindings/Language';
import type { LessonRef } from '../bindings/LessonRef';
import type { SharedView } from '../bindings/SharedView';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { ErrorNotice } from '../components/ErrorNotice';
import { SelectField } from '../components/Field';
import { Spinner } from '../components/Progress';
import { DiffView } from '../features/workbench/editor/DiffView';
import { pick } from '../lib/i18n';
import { useLoad } from '../lib/load';
import { useSettings } from '../lib/settings';
import { usePlatform } from '../platform/context';
import styles from './Shelf.module.css';

export interface SharedDialogProps {
  path: string;
  language: Language;
  onClose: () => void;
  onOpen: (lesson: LessonRef) => void;
}

export function SharedDialog({ path, language, onClose, onOpen }: SharedDialogProps) {
  const { t } = useTranslation(['courses', 'common']);
  const platform = usePlatform();
  const shared = useLoad(path, () => platform.codeShared(path));
  const view = shared.value;
  return (
    <Dialog
      wide
      open
      onClose={onClose}
      title={t('shared.title')}
      actions={
        <>
          <Button onClick={onClose}>{t('common:close')}</Button>
          {view?.mine && (
            <Button kind="primary" onClick={() => onOpen(view.code.lesson)}>
              {t('shared.open')}
            </Button>
          )}
        </>
      }
    >
      {shared.error && <ErrorNotice error={shared.error} />}
      {!view && !shared.error && <Spinner label={t('shared.looking')} />}
      {view && <Beside view={view} language={language} />}
    </Dialog>
  );
}

function Beside({ view, language }: { view: SharedView; language: Language }) {
  const { t } = useTranslation('courses');
  const { settings } = useSettings();
  const { code, mine } = view;
  const [path, setPath] = useState(code.files[0]?.path ?? '');
  const theirs = code.files.find((file) => file.path === path)?.text ?? '';
  const own = mine?.find((file) => file.path === path)?.text ?? '';
  return (
    <div className={styles.shared}>
      <p>
        {t('shared.of', {
          course: pick(code.courseTitle, language),
          lesson: pick(code.lessonTitle, language),
        })}
      </p>
      <p className={styles.muted}>
        {code.result
          ? t('shared.result', { passed: code.result[0], total: code.result[1] })
          : t('shared.noResult')}
      </p>
      <SelectField
        label={t('shared.file')}
        value={path}
        options={code.files.map((file) => ({ value: file.path, label: file.path }))}
        onChange={setPath}
      />
      <p className={styles.muted}>{t(mine ? 'shared.sides' : 'shared.alone')}</p>
      {mine ? (
        <div className={styles.diff}>
          <DiffView
            path={path}
            before={theirs}
            after={own}
            look={{
              fontSize: settings.editorFontSize,
              tabSize: settings.editorTabSize,
              wrap: settings.editorWrap,
              accessibility: settings.editorAccessibility,
              label: t('shared.sides'),
              readOnlyMessage: '',
            }}
          />
        </div>
      ) : (
        <pre className={styles.code}>{theirs}</pre>
      )}
    </div>
  );
}
