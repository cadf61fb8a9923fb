// What is done with the shelf of courses, wherever the learner is: opening a file, importing a book,
// taking a course away.

import { FileInput, FolderOpen, PencilLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../bindings/Language';
import type { LessonRef } from '../bindings/LessonRef';
import { Button } from '../components/Button';
import { BundleDialog } from '../features/courses/BundleDialog';
import { ImportDialog } from '../features/courses/ImportDialog';
import { RemoveCourse } from './RemoveCourse';
import { SharedDialog } from './SharedDialog';
import styles from './Shelf.module.css';
import type { Shelf } from './use-shelf';

export interface ShelfToolsProps {
  onOpen: () => void;
  onImport: () => void;
  onAuthor: () => void;
}

export function ShelfTools({ onOpen, onImport, onAuthor }: ShelfToolsProps) {
  const { t } = useTranslation('courses');
  return (
    <div className={styles.tools}>
      <Button kind="quiet" icon={<FolderOpen aria-hidden />} onClick={onOpen}>
        {t('shelf.open')}
      </Button>
      <Button kind="quiet" icon={<FileInput aria-hidden />} onClick={onImport}>
        {t('shelf.import')}
      </Button>
      <Button kind="quiet" icon={<PencilLine aria-hidden />} onClick={onAuthor}>
        {t('shelf.author')}
      </Button>
    </div>
  );
}

export interface ShelfDialogsProps {
  shelf: Shelf;
  language: Language;
  importing: boolean;
  onImported: () => void;
  onHome: () => void;
  onAuthor: (dir: string) => void;
  onOpen: (lesson: LessonRef) => void;
}

export function ShelfDialogs(props: ShelfDialogsProps) {
  const { shelf, language, importing, onImported, onHome, onAuthor, onOpen } = props;
  return (
    <>
      {shelf.bundle?.toLowerCase().endsWith('.hacode') && (
        <SharedDialog
          key={shelf.bundle}
          path={shelf.bundle}
          language={language}
          onClose={() => shelf.show(null)}
          onOpen={(lesson) => {
            shelf.show(null);
            onOpen(lesson);
          }}
        />
      )}
      {shelf.bundle !== null && !shelf.bundle.toLowerCase().endsWith('.hacode') && (
        <BundleDialog
          key={shelf.bundle}
          path={shelf.bundle}
          language={language}
          onClose={() => shelf.show(null)}
          onInstalled={() => {
            shelf.show(null);
            shelf.changed();
            onHome();
          }}
        />
      )}
      <ImportDialog
        open={importing}
        onClose={onImported}
        onMade={(dir) => {
          onImported();
          onAuthor(dir);
        }}
      />
      <RemoveCourse shelf={shelf} language={language} />
    </>
  );
}
