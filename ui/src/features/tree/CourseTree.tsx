// The lessons of a course as a real tree: arrow keys walk it, one row is in the tab order, and how
// far the learner is stands in shape and words, not in colour alone.

import { ChevronDown, ChevronRight } from 'lucide-react';
import {
  type AriaAttributes,
  type KeyboardEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { CourseTree as Tree } from '../../bindings/CourseTree';
import type { Language } from '../../bindings/Language';
import { ProgressRing } from '../../components/Progress';
import { pick } from '../../lib/i18n';
import styles from './CourseTree.module.css';
import { LessonMark } from './LessonMark';
import { lessonId, type Row, rowsOf, stepFrom } from './tree-rows';

export interface CourseTreeProps {
  tree: Tree;
  /** Id of the open lesson. */
  current: string;
  language: Language;
  onOpen: (lesson: string) => void;
  /** The pointer or the focus is on a lesson: it may be opened next. */
  onForesee?: (lesson: string) => void;
}

export function CourseTree(props: CourseTreeProps) {
  const { tree, current, language, onOpen, onForesee } = props;
  const { t } = useTranslation('common');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [stop, setStop] = useState(lessonId(current));
  const list = useRef<HTMLUListElement>(null);
  const rows = useMemo(() => rowsOf(tree, closed), [tree, closed]);
  const tabStop = rows.some(({ id }) => id === stop) ? stop : rows[0]?.id;

  useEffect(() => setStop(lessonId(current)), [current]);

  function toggle(id: string) {
    setClosed((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }
  function act(row: Row) {
    setStop(row.id);
    if (row.kind === 'chapter') toggle(row.id);
    else onOpen(row.lesson.id);
  }
  function foresee(row: Row) {
    if (row.kind === 'lesson') onForesee?.(row.lesson.id);
  }
  function onKeyDown(event: KeyboardEvent, row: Row) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      act(row);
      return;
    }
    const step = stepFrom(rows, row.id, event.key);
    if (!step) return;
    event.preventDefault();
    if (!('to' in step)) return toggle(row.id);
    setStop(step.to);
    list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(step.to)}"]`)?.focus();
  }

  function item(row: Row, name: string, states: AriaAttributes) {
    return {
      ...states,
      role: 'treeitem',
      'data-row': row.id,
      'aria-label': name,
      tabIndex: row.id === tabStop ? 0 : -1,
      onKeyDown: (event: KeyboardEvent) => onKeyDown(event, row),
      onFocus: () => {
        setStop(row.id);
        foresee(row);
      },
      onPointerEnter: () => foresee(row),
    };
  }

  const groups = rows.filter((row) => row.kind === 'chapter');
  return (
    <ul ref={list} role="tree" aria-label={pick(tree.title, language)} className={styles.tree}>
      {groups.map((chapter) => {
        const title = pick(chapter.title, language);
        const { number, passed, lessons, open } = chapter;
        const share = t('tree.passed', { passed, lessons });
        return (
          <li
            key={chapter.id}
            {...item(chapter, `${t('tree.chapter', { number, title })}, ${share}`, {
              'aria-expanded': open,
            })}
            className={styles.chapter}
          >
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree item around it takes the keys */}
            {/* biome-ignore lint/a11y/noStaticElementInteractions: it is the visible half of the tree item */}
            <div className={styles.row} onClick={() => act(chapter)}>
              {open ? <ChevronDown aria-hidden /> : <ChevronRight aria-hidden />}
              <span className={styles.chapterTitle}>{t('tree.chapter', { number, title })}</span>
              <ProgressRing value={lessons === 0 ? 0 : passed / lessons} label={share} size={1} />
            </div>
            {open && (
              // biome-ignore lint/a11y/useSemanticElements: a group inside a tree has no element of its own
              <ul role="group" className={styles.lessons}>
                {rows.map((row) => {
                  if (row.kind !== 'lesson' || row.chapter !== chapter.id) return null;
                  const { lesson } = row;
                  const words = pick(lesson.title, language);
                  const state = t(`tree.state.${lesson.state}`);
                  const here = lesson.id === current;
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree item takes the keys in its own handler
                    <li
                      key={row.id}
                      {...item(row, t('tree.lesson', { number: row.number, title: words, state }), {
                        'aria-selected': here,
                        'aria-current': here ? 'page' : undefined,
                      })}
                      className={here ? `${styles.row} ${styles.here}` : styles.row}
                      title={words}
                      onClick={() => act(row)}
                    >
                      <LessonMark state={lesson.state} />
                      <span className={styles.number}>{row.number}</span>
                      <span className={styles.title}>{words}</span>
                    </li>
                  );
                })}
              </ul>
            )}
          </li>
        );
      })}
    </ul>
  );
}
