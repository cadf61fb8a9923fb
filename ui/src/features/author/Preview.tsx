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

/** Between two questions while the folder cannot be looked at. */
const AGAIN_MS = 500;

/** What to begin with. */
export interface PreviewStart {
  /** The first lesson when not said. */
  lesson: string | null;
  /** The language of the window when not said. */
  language: Language | null;
}

export interface PreviewProps {
  course: AuthorCourse;
  language: Language;
  first: PreviewStart | null;
  prose: (text: LessonText) => ReactNode;
}

export function Preview({ course, language, first, prose }: PreviewProps) {
  const { t } = useTranslation('author');
  const asked = course.lessons.find(({ id }) => id === first?.lesson) ?? course.lessons[0];
  const [lesson, setLesson] = useState(asked?.id ?? '');
  const [read, setRead] = useState<Language>(first?.language ?? language);
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
    const show = (next: Partial<Live>) => {
      if (here) setLive((old) => ({ ...old, ...next }));
    };
    void follow(platform, { dir, lesson, language }, show, () => here);
    return () => {
      here = false;
    };
  }, [platform, dir, lesson, language]);
  return live;
}

/** What is followed. */
interface What {
  dir: string;
  lesson: string;
  language: Language;
}

/** Hears of each save until nobody wants it, and draws what was saved. */
async function follow(
  platform: Platform,
  { dir, lesson, language }: What,
  show: (live: Partial<Live>) => void,
  isWanted: () => boolean,
): Promise<void> {
  let stamp: string | null = null;
  let isShown = false;
  // Half-saved files are broken for a moment: the text before them stays until they are whole.
  const fail = (thrown: unknown) =>
    show({ error: toApiError(thrown), ...(isShown ? {} : { text: null }) });
  while (isWanted()) {
    try {
      const next = await platform.authorStamp(dir, stamp);
      if (next === stamp) continue;
      stamp = next;
    } catch (thrown) {
      // What is there when the folder is back may be what was there before.
      stamp = null;
      fail(thrown);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      continue;
    }
    await platform.authorPreview(dir, lesson, language).then((text) => {
      isShown = true;
      show({ text, error: null });
    }, fail);
  }
}
