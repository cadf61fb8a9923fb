// Which lesson of a course the author means.

import { useTranslation } from 'react-i18next';
import type { AuthorCourse } from '../../bindings/AuthorCourse';
import type { Language } from '../../bindings/Language';
import { SelectField } from '../../components/Field';
import { pick } from '../../lib/i18n';

export interface LessonFieldProps {
  course: AuthorCourse;
  language: Language;
  lesson: string;
  onChange: (lesson: string) => void;
}

export function LessonField({ course, language, lesson, onChange }: LessonFieldProps) {
  const { t } = useTranslation('author');
  return (
    <SelectField
      label={t('preview.lesson')}
      value={lesson}
      options={course.lessons.map(({ id, number, title }) => ({
        value: id,
        label: `${number} ${pick(title, language)}`,
      }))}
      onChange={onChange}
    />
  );
}
