// Why a program ended, where its outcome leaves that open: what happened, what it means, what to
// do. Shared by runs and checks. A note without words in the tables does not compile.

import { useTranslation } from 'react-i18next';
import type { RunNote } from '../../../bindings/RunNote';

export interface NoteWords {
  title: string;
  meaning: string;
  action: string;
}

export function useNoteWords(): (note: RunNote) => NoteWords {
  const { t } = useTranslation('workbench');
  return (note) => ({
    title: t(`note.${note}.title`),
    meaning: t(`note.${note}.meaning`),
    action: t(`note.${note}.action`),
  });
}
