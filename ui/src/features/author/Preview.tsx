// A lesson as its readers see it, beside the author's own editor: a moment after a file was saved,
// the text here is the new one.

import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthorCourse } from '../../bindings/AuthorCourse';
import type { Language } from '../../bindings/Language';
import type { LessonText } from '../../bindings/LessonText';
import { ErrorNotice } from '../../components/ErrorNotice';
import { SelectField } from '../../components/Field';
import { type ApiError, toApiError } from '../../lib/api-error';
import { usePlatform } from '../../platform/context';
import type { Platform } from '../../platform/platform';
import styles from './Author.module.css';
import { LessonField } from './LessonField';

/** Between two looks at the folder: a look is some file times, and 200 ms is when one notices. */
const LOOK_MS = 80;

export interface PreviewProps {
  course: AuthorCourse;
  language: Language;
  prose: (text: LessonText) => ReactNode;
}

export function Preview({ course, language, prose }: PreviewProps) {
  const { t } = useTranslation('author');
  const [lesson, setLesson] = useState(course.lessons[0]?.id ?? '');
  const [read, setRead] = useState<Language>(language);
  const { text, error } = useLivePreview(course.dir, lesson, read);
  if (course.lessons.length === 0) return <p className={styles.muted}>{t('preview.none')}</p>;
  return (
    <div className={styles.panel}>
      <div className={styles.choose}>
        <LessonField course={course} language={language} lesson={lesson} onChange={setLesson} />
        <SelectField
          label={t('preview.language')}
          value={read}
          options={[
            { value: 'zh', label: '中文' },
            { value: 'en', label: 'English' },
          ]}
          onChange={setRead}
        />
      </div>
      <p className={styles.muted}>{t('preview.live')}</p>
      {error && <ErrorNotice error={error} />}
      {text && <div className={styles.sheet}>{prose(text)}</div>}
    </div>
  );
}

interface Live {
  text: LessonText | null;
  error: ApiError | null;
}

function useLivePreview(dir: string, lesson: string, language: Language): Live {
  const platform = usePlatform();
  const [live, setLive] = useState<Live>({ text: null, error: null });
  useEffect(() => {
    let here = true;
    const show = (next: Live) => here && setLive((old) => ({ ...old, ...next }));
    void follow(platform, { dir, lesson, language }, show, () => here);
    return () => {
      here = false;
    };
  }, [platform, dir, lesson, language]);
  return live;
}

/** Looks again and again until nobody wants it; draws only when something was saved. */
async function follow(
  platform: Platform,
  what: { dir: string; lesson: string; language: Language },
  show: (live: Live) => void,
  isWanted: () => boolean,
): Promise<void> {
  let last: string | null = null;
  while (isWanted()) {
    try {
      const stamp = await platform.authorStamp(what.dir);
      if (stamp !== last) {
        last = stamp;
        const text = await platform.authorPreview(what.dir, what.lesson, what.language);
        show({ text, error: null });
      }
    } catch (thrown) {
      // Half-saved files are broken for a moment; the next look may find them whole.
      show({ text: null, error: toApiError(thrown) });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
