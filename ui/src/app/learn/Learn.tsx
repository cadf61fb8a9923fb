// The main place: the tree of lessons, the text, and the workbench, side by side.

import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonState } from '../../bindings/LessonState';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { LessonPane } from '../../features/lesson/LessonPane';
import { CourseProblems } from '../../features/tree/CourseProblems';
import { CourseTree } from '../../features/tree/CourseTree';
import { Workbench } from '../../features/workbench/Workbench';
import type { ApiError } from '../../lib/api-error';
import { useSettings } from '../../lib/settings';
import styles from './Learn.module.css';
import type { Course } from './use-course';
import { useLearnCommands } from './use-learn-commands';
import type { OpenLesson } from './use-lesson';
import type { Pane, Panes } from './use-panes';

export interface LearnProps {
  lesson: LessonRef;
  /** A heading the way here named; a new object shows it again. */
  anchor: { id: string } | null;
  course: Course;
  open: OpenLesson;
  panes: Panes;
  onOpen: (lesson: LessonRef, heading?: string | null) => void;
}

const MIN_SIZE: Record<Pane, string> = { tree: '180px', lesson: '300px', work: '360px' };

export function Learn({ lesson, anchor, course, open, panes, onOpen }: LearnProps) {
  const { t } = useTranslation('common');
  const { settings, update, language, contentLanguage, theme } = useSettings();
  const [layout] = useState(panes.initial);
  useLearnCommands(panes);
  const { view } = open;

  function onState(state: LessonState) {
    course.setState(lesson.lesson, state);
  }
  const pane = (id: Pane, content: ReactNode) => (
    <Panel
      id={id}
      className={styles.panel}
      collapsible
      minSize={MIN_SIZE[id]}
      panelRef={panes.handle(id)}
    >
      <div ref={panes.element(id)} className={styles.pane} inert={panes.isClosed(id)}>
        {content}
      </div>
    </Panel>
  );

  return (
    <Group
      className={styles.learn}
      orientation="horizontal"
      defaultLayout={layout}
      onLayoutChanged={panes.onLayout}
    >
      {pane(
        'tree',
        <nav className={styles.tree} aria-label={t('panes.tree')}>
          {course.error && <Failure error={course.error} onRetry={course.reload} />}
          {course.tree && (
            <CourseTree
              tree={course.tree}
              current={lesson.lesson}
              language={language}
              onOpen={(id) => onOpen({ course: lesson.course, lesson: id })}
            />
          )}
          {course.tree && <CourseProblems problems={course.tree.problems} />}
        </nav>,
      )}
      <Separator className={styles.separator} aria-label={t('panes.resizeTree')} />
      {pane(
        'lesson',
        <main className={styles.lesson} aria-label={t('panes.lesson')} aria-busy={!view}>
          {open.error && <Failure error={open.error} onRetry={open.reload} />}
          {view && (
            <LessonPane
              key={`${view.lesson.course}/${view.lesson.lesson}`}
              view={view}
              wanted={contentLanguage}
              theme={theme}
              anchor={anchor}
              onOpen={onOpen}
              onLanguage={(next) => update({ contentLanguage: next })}
            />
          )}
        </main>,
      )}
      <Separator className={styles.separator} aria-label={t('panes.resizeWork')} />
      {pane(
        'work',
        view && (
          <Workbench
            lesson={view}
            settings={settings}
            language={view.language}
            onSettings={update}
            onStateChange={onState}
          />
        ),
      )}
    </Group>
  );
}

function Failure(props: { error: ApiError; onRetry: () => void }) {
  const { t } = useTranslation('common');
  return (
    <div className={styles.failure}>
      <ErrorNotice
        error={props.error}
        actions={<Button onClick={props.onRetry}>{t('retry')}</Button>}
      />
    </div>
  );
}
