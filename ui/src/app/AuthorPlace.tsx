// The place of authors with what it borrows: the reader's page for its preview, and the list of
// changes that learners see.

import { useState } from 'react';
import type { CourseChanges } from '../bindings/CourseChanges';
import type { Language } from '../bindings/Language';
import type { LessonText } from '../bindings/LessonText';
import { Author, type AuthorStart } from '../features/author/Author';
import { Changes } from '../features/courses/Changes';
import { ExternalLink } from '../features/lesson/ExternalLink';
import { LessonHtml } from '../features/lesson/LessonHtml';
import type { LinkTarget } from '../features/lesson/links';
import { useSettings } from '../lib/settings';
import { useSteady } from '../lib/steady';

export interface AuthorPlaceProps {
  first: AuthorStart | null;
  language: Language;
  onBundle: (path: string) => void;
}

export function AuthorPlace({ first, language, onBundle }: AuthorPlaceProps) {
  const { theme } = useSettings();
  const [leaving, setLeaving] = useState<string | null>(null);
  const follow = useSteady((target: LinkTarget) => {
    if (target.kind === 'external') setLeaving(target.url);
  });
  return (
    <>
      <Author
        language={language}
        first={first}
        onBundle={onBundle}
        changes={(changes: CourseChanges) => <Changes changes={changes} language={language} />}
        prose={(text: LessonText) => (
          <LessonHtml
            key={`${text.lesson.course}/${text.lesson.lesson} ${text.language}`}
            edited
            html={text.html}
            language={text.language}
            hasMath={text.hasMath}
            hasDiagrams={text.hasDiagrams}
            theme={theme}
            onLink={follow}
          />
        )}
      />
      <ExternalLink url={leaving} onClose={() => setLeaving(null)} />
    </>
  );
}
