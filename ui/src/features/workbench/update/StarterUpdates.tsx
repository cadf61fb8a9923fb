// An update of the course has another starter for a file that the learner changed: said in a strip,
// compared over the editor, and decided by the learner. Nothing is replaced before that.

import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LessonFile } from '../../../bindings/LessonFile';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { StarterChoice } from '../../../bindings/StarterChoice';
import type { StarterUpdate } from '../../../bindings/StarterUpdate';
import { Button } from '../../../components/Button';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { IconButton } from '../../../components/IconButton';
import { Notice } from '../../../components/Notice';
import { type ApiError, toApiError } from '../../../lib/api-error';
import { useLoad } from '../../../lib/load';
import { usePlatform } from '../../../platform/context';
import { DiffView } from '../editor/DiffView';
import { OverEditor } from '../editor/OverEditor';
import type { EditorLook } from '../editor/port';
import { settleDrafts } from '../files/use-files';
import view from '../history/VersionView.module.css';
import styles from './StarterUpdates.module.css';

export interface StarterUpdates {
  updates: readonly StarterUpdate[];
  error: ApiError | null;
  settle: (path: string, choice: StarterChoice) => Promise<void>;
}

/** `replace` gets the files as they are after a decision. */
export function useStarterUpdates(
  lesson: LessonRef,
  replace: (files: readonly LessonFile[]) => void,
): StarterUpdates {
  const platform = usePlatform();
  const key = `${lesson.course}/${lesson.lesson}`;
  const asked = useLoad(key, () => platform.starterUpdates(lesson));
  const [error, setError] = useState<ApiError | null>(null);
  return {
    updates: asked.value ?? [],
    error,
    async settle(path, choice) {
      setError(null);
      try {
        // What was typed last belongs to what is decided about.
        await settleDrafts(platform, lesson);
        const settled = await platform.starterSettle(lesson, path, choice);
        replace(settled.files);
        asked.change(() => settled.updates);
      } catch (thrown) {
        setError(toApiError(thrown));
      }
    },
  };
}

export function UpdateStrip(props: { updates: StarterUpdates; onLook: (path: string) => void }) {
  const { t } = useTranslation('workbench');
  const { updates, error } = props.updates;
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {updates.map(({ path }) => (
        <div key={path} className={styles.strip}>
          <Notice
            kind="info"
            actions={<Button onClick={() => props.onLook(path)}>{t('update.look')}</Button>}
          >
            <p>{t('update.notice', { path })}</p>
          </Notice>
        </div>
      ))}
    </>
  );
}

const VIEWS = ['author', 'what', 'merged'] as const;
type View = (typeof VIEWS)[number];

export interface UpdateViewProps {
  update: StarterUpdate;
  look: EditorLook;
  onSettle: (choice: StarterChoice) => void;
  onClose: () => void;
}

export function UpdateView({ update, look, onSettle, onClose }: UpdateViewProps) {
  const { t } = useTranslation('workbench');
  const [shown, setShown] = useState<View>('author');
  const { path, before, now, mine, merged } = update;
  const sides: Record<View, [string, string]> = {
    author: [now, mine],
    what: [before, now],
    merged: [merged ?? mine, mine],
  };
  return (
    <OverEditor label={t('update.title', { path })} onClose={onClose}>
      <div className={view.bar}>
        <select
          className={view.picker}
          aria-label={t('update.view')}
          value={shown}
          onChange={(event) => setShown(event.target.value as View)}
        >
          {VIEWS.filter((each) => each !== 'merged' || merged !== null).map((each) => (
            <option key={each} value={each}>
              {t(`update.views.${each}`)}
            </option>
          ))}
        </select>
        <p className={view.text}>{merged === null ? t('update.conflict') : t('update.text')}</p>
        <Button onClick={() => onSettle('mine')}>{t('update.mine')}</Button>
        <Button onClick={() => onSettle('author')}>{t('update.author')}</Button>
        {merged !== null && (
          <Button kind="primary" onClick={() => onSettle('merged')}>
            {t('update.merged')}
          </Button>
        )}
        <IconButton label={t('history.close')} onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </div>
      <div className={view.diff}>
        <DiffView path={path} before={sides[shown][0]} after={sides[shown][1]} look={look} />
      </div>
    </OverEditor>
  );
}
