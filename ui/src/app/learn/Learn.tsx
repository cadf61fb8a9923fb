// The main place: the tree of lessons, the text, and the workbench, side by side.

import {
  type ReactNode,
  type SyntheticEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { CourseTree as CourseTreeData } from '../../bindings/CourseTree';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonState } from '../../bindings/LessonState';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import type { LessonCell } from '../../features/lesson/cells';
import { LessonPane } from '../../features/lesson/LessonPane';
import { Questions } from '../../features/questions/Questions';
import { AiKey } from '../../features/settings/AiKey';
import { CourseProblems } from '../../features/tree/CourseProblems';
import { CourseTree } from '../../features/tree/CourseTree';
import { TutorPane, type TutorWish } from '../../features/tutor/TutorPane';
import { Cell } from '../../features/workbench/cells/Cell';
import type { BenchHandle } from '../../features/workbench/help/use-suggestion';
import { type HelpKind, Workbench } from '../../features/workbench/Workbench';
import type { ApiError } from '../../lib/api-error';
import { useSettings } from '../../lib/settings';
import { useSteady } from '../../lib/steady';
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
  /** Opens the settings of the AI service. */
  onAi: () => void;
}

const MIN_SIZE: Record<Pane, string> = { tree: '180px', lesson: '300px', work: '360px' };

/**
 * What is done to the old workbench while it still stands there is meant for nobody. Not `inert`: it
 * is inherited, and styling all of an editor anew takes longer than all else this moment needs.
 */
const swallow = (event: SyntheticEvent) => {
  event.preventDefault();
  event.stopPropagation();
};
const SHIELD = {
  onKeyDownCapture: swallow,
  onBeforeInputCapture: swallow,
  onPasteCapture: swallow,
  onDropCapture: swallow,
  onClickCapture: swallow,
};

/** The shield of an editor that is about to go. Who has clicked into it gets into the one that comes: else
 * the next key would be one of the page's. */
function useShield(isSettled: boolean, panes: Panes) {
  useEffect(() => {
    if (isSettled) panes.arrive('work');
  });
  return !isSettled && { ...SHIELD, onFocusCapture: () => panes.expect('work') };
}

export function Learn({ lesson, anchor, course, open, panes, onOpen, onAi }: LearnProps) {
  const { t } = useTranslation('common');
  const { settings, update, language, contentLanguage, theme } = useSettings();
  const [layout] = useState(panes.initial);
  useLearnCommands(panes);
  const { text, work } = open;
  const { setState } = course;
  const isSettled = useSteady(() => open.isSettled);
  const onState = useSteady((state: LessonState) => work && setState(work.lesson, state));
  const shield = useShield(open.isSettled, panes);
  const onLanguage = useSteady((next: Language) => update({ contentLanguage: next }));
  const onSettings = useSteady(update);
  const inCourse = (id: string): LessonRef => ({ course: lesson.course, lesson: id });
  const shown = text?.lesson;
  const passed = usePassed(course.tree);
  const cell = useCallback(
    (block: LessonCell, lines: HTMLElement) =>
      shown && <Cell lesson={shown} block={block} lines={lines} />,
    [shown],
  );
  const read = text?.language;
  // Always the same while the lesson is, so that the text stays drawn.
  const below = useMemo(
    () => shown && read && <Questions lesson={shown} language={read} />,
    [shown, read],
  );
  // While another lesson comes its text is there before its work.
  const isSame = work?.lesson.course === shown?.course && work?.lesson.lesson === shown?.lesson;
  const entry = (isSame && work?.entry) || null;
  const bench = useRef<BenchHandle>(null);
  const [wish, setWish] = useState<{ lesson: LessonRef; wish: TutorWish } | null>(null);
  const onHelp = useSteady((kind: HelpKind) => {
    if (panes.isClosed('lesson')) panes.toggle('lesson');
    setWish({ lesson, wish: { kind } });
  });
  const isWished =
    wish && shown?.course === wish.lesson.course && shown.lesson === wish.lesson.lesson;
  const wished = isWished ? wish.wish : null;
  const pane = (id: Pane, content: ReactNode) => (
    <Panel
      id={id}
      className={styles.panel}
      collapsible
      minSize={MIN_SIZE[id]}
      panelRef={panes.handle(id)}
    >
      <div
        ref={panes.element(id)}
        className={styles.pane}
        inert={panes.isClosed(id)}
        {...(id === 'work' && shield)}
      >
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
              onOpen={(id) => onOpen(inCourse(id))}
              onForesee={(id) => open.foresee(inCourse(id))}
            />
          )}
          {course.tree && <CourseProblems problems={course.tree.problems} />}
        </nav>,
      )}
      <Separator className={styles.separator} aria-label={t('panes.resizeTree')} />
      {pane(
        'lesson',
        <main className={styles.lesson} aria-label={t('panes.lesson')} aria-busy={!open.isCurrent}>
          {open.error && <Failure error={open.error} onRetry={open.reload} />}
          {text && (
            <LessonPane
              key={`${text.lesson.course}/${text.lesson.lesson}`}
              view={text}
              current={open.isCurrent}
              wanted={contentLanguage}
              theme={theme}
              anchor={anchor}
              onOpen={onOpen}
              onLanguage={onLanguage}
              passed={passed}
              cell={cell}
              below={below}
              tutor={{
                wish: wished,
                render: ({ prose, hints, heading }) => (
                  <TutorPane
                    lesson={text.lesson}
                    language={text.language}
                    surrounding={() => ({
                      lesson: text.lesson,
                      language: text.language,
                      heading: heading(),
                      files: bench.current?.files() ?? [],
                      cursor: bench.current?.cursor() ?? null,
                    })}
                    prose={prose}
                    hints={hints}
                    wish={wished}
                    onWished={() => setWish(null)}
                    keyField={<AiKey />}
                    onSettings={onAi}
                    onAnchor={(id) => onOpen(text.lesson, id)}
                    onLesson={onOpen}
                    onInsert={(code) => bench.current?.insert(code)}
                    onDiff={(code) => bench.current?.compare(code)}
                    entry={entry}
                    onElsewhere={(other, wanted) => {
                      setWish({ lesson: other, wish: wanted });
                      onOpen(other);
                    }}
                  />
                ),
              }}
            />
          )}
        </main>,
      )}
      <Separator className={styles.separator} aria-label={t('panes.resizeWork')} />
      {pane(
        'work',
        work && (
          <Workbench
            lesson={work}
            settings={settings}
            language={work.language}
            onSettings={onSettings}
            onStateChange={onState}
            isCurrent={isSettled}
            handle={bench}
            onHelp={onHelp}
          />
        ),
      )}
    </Group>
  );
}

/** The lessons that are behind the learner. The same set until there is one more, so that the text stays
 * drawn. */
function usePassed(tree: CourseTreeData | undefined): ReadonlySet<string> {
  const lessons = tree?.chapters.flatMap((chapter) => chapter.lessons) ?? [];
  const ids = lessons.filter(({ state }) => state === 'passed').map(({ id }) => id);
  const key = ids.join(' ');
  return useMemo(() => new Set(key.split(' ')), [key]);
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
