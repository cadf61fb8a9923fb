// The place of authors: open a course's folder, prove that it works, see it as readers will, pack and
// sign it.

import { FolderOpen } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CourseChanges } from '../../bindings/CourseChanges';
import type { Language } from '../../bindings/Language';
import type { LessonText } from '../../bindings/LessonText';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { ErrorNotice } from '../../components/ErrorNotice';
import { PathField } from '../../components/PathField';
import { Tabs } from '../../components/Tabs';
import { pick } from '../../lib/i18n';
import { usePlatform } from '../../platform/context';
import styles from './Author.module.css';
import { HandOut } from './HandOut';
import { Preview, type PreviewStart } from './Preview';
import { ProofView } from './ProofView';
import { RecordView } from './RecordView';
import { useAuthor } from './use-author';

/** A folder to begin with. */
export interface AuthorStart {
  dir: string;
  /** What to show of it; without it the place begins with the check. */
  preview: PreviewStart | null;
}

export interface AuthorProps {
  language: Language;
  /** A folder to begin with; a new object opens it again. */
  first: AuthorStart | null;
  /** Draws a lesson as its readers see it. */
  prose: (text: LessonText) => ReactNode;
  /** Looks at a bundle as a learner would. */
  onBundle: (path: string) => void;
  /** What an update changes. */
  changes: (changes: CourseChanges) => ReactNode;
}

export function Author({ language, first, prose, onBundle, changes }: AuthorProps) {
  const { t } = useTranslation('author');
  const platform = usePlatform();
  const author = useAuthor(first);
  const { course, error, busy } = author;
  const [dir, setDir] = useState(first?.dir ?? '');
  const [known, setKnown] = useState(first);
  const [tab, setTab] = useState(first?.preview ? 'preview' : 'proof');
  // Counts the beginnings: a preview that is asked for again begins anew.
  const [beginning, setBeginning] = useState(0);
  if (known !== first) {
    setKnown(first);
    setDir(first?.dir ?? '');
    setBeginning(beginning + 1);
    if (first?.preview) setTab('preview');
  }
  const path = dir.trim();
  return (
    <main className={styles.page} aria-labelledby="author">
      <header className={styles.head}>
        <h1 id="author" className={styles.title}>
          {course ? pick(course.title, language) : t('title')}
        </h1>
        <p className={styles.muted}>
          {course ? t('what', { id: course.id, version: course.version }) : t('intro')}
        </p>
        <form
          className={styles.opener}
          onSubmit={(event) => {
            event.preventDefault();
            if (path) author.open(path);
          }}
        >
          <PathField
            label={t('folder')}
            value={dir}
            onChange={setDir}
            onPick={() => platform.pickPath('folder', t('folder'))}
          />
          <Button type="submit" disabled={!path || busy}>
            {t('open')}
          </Button>
          <Button kind="quiet" disabled={!path || busy} onClick={() => author.begin(path)}>
            {t('begin')}
          </Button>
        </form>
      </header>
      {error && <ErrorNotice error={error} />}
      {!course && !error && (
        <EmptyState icon={<FolderOpen aria-hidden />} title={t('empty')} text={t('emptyHow')} />
      )}
      {course && (
        <Tabs
          label={t('tabs')}
          value={tab}
          onChange={setTab}
          tabs={[
            {
              id: 'proof',
              label: t('proof.title'),
              content: <ProofView author={author} course={course} language={language} />,
            },
            {
              id: 'preview',
              label: t('preview.title'),
              content: (
                <Preview
                  key={`${beginning} ${course.dir}`}
                  course={course}
                  language={language}
                  first={first?.preview ?? null}
                  prose={prose}
                />
              ),
            },
            {
              id: 'record',
              label: t('record.title'),
              content: <RecordView key={course.dir} course={course} language={language} />,
            },
            {
              id: 'handout',
              label: t('handout.title'),
              content: (
                <HandOut key={course.dir} course={course} onBundle={onBundle} show={changes} />
              ),
            },
          ]}
        />
      )}
    </main>
  );
}
