// The middle pane: the lesson and its hints, the outline, and the switch of the text's language.

import { List } from 'lucide-react';
import { memo, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonText as AuthorText } from '../../bindings/LessonText';
import { announce } from '../../components/announcer';
import { IconButton } from '../../components/IconButton';
import { Menu } from '../../components/Menu';
import { Tabs } from '../../components/Tabs';
import { useCommands } from '../../lib/commands';
import type { ShownTheme } from '../../lib/theme';
import type { RenderCell } from './cells';
import { ExternalLink } from './ExternalLink';
import { Hints } from './Hints';
import { LessonHtml } from './LessonHtml';
import styles from './LessonPane.module.css';
import { LessonText } from './LessonText';
import type { LinkTarget } from './links';

export interface LessonPaneProps {
  view: AuthorText;
  /** False while another lesson was asked for and is not here yet: the way on starts from that one. */
  current: boolean;
  /** The language the learner asked for; the view has another when the lesson lacks this one. */
  wanted: Language;
  theme: ShownTheme;
  /** A heading to show; a new object shows it again. */
  anchor: { id: string } | null;
  onOpen: (lesson: LessonRef, heading?: string | null) => void;
  onLanguage: (language: Language) => void;
  /** Ids of the course's lessons that the learner has passed. */
  passed: ReadonlySet<string>;
  /** Stands under the blocks that can run. Always the same function, so that the text stays drawn. */
  cell: RenderCell;
  /** Stands under the text: its questions. */
  below?: ReactNode;
  /** The tutor's tab; a new `wish` opens it. */
  tutor?: { wish: object | null; render: (tools: TutorTools) => ReactNode };
}

/** What the tutor's tab uses of the lesson's. */
export interface TutorTools {
  /** Draws a piece of text as the lesson's is drawn. */
  prose: (html: string, hasMath: boolean) => ReactNode;
  /** The lesson's own hints. */
  hints: ReactNode;
  /** The heading that was in view when the text was left. */
  heading: () => string | null;
}

export const LessonPane = memo(function LessonPane(props: LessonPaneProps) {
  const { view, current, wanted, theme, anchor, onOpen, onLanguage } = props;
  const { t } = useTranslation('lesson');
  const [tab, setTab] = useState('lesson');
  const [leaving, setLeaving] = useState<string | null>(null);
  const [shown, setShown] = useState(0);
  const [jumped, setJumped] = useState(anchor);
  if (jumped !== anchor) {
    setJumped(anchor);
    setTab('lesson');
  }

  const heading = useRef<string | null>(null);
  // Built when it is first wanted: most lessons are read without it.
  const [met, setMet] = useState(false);
  if (tab === 'tutor' && !met) setMet(true);
  const [wished, setWished] = useState<object | null>(null);
  const wish = props.tutor?.wish ?? null;
  if (wish && wished !== wish) {
    setWished(wish);
    if (tab === 'lesson') heading.current = headingInView(view);
    setTab('tutor');
  }
  function choose(next: string) {
    if (tab === 'lesson') heading.current = headingInView(view);
    setTab(next);
  }

  function follow(target: LinkTarget) {
    if (target.kind === 'lesson') {
      onOpen({ course: view.lesson.course, lesson: target.lesson }, target.anchor);
    }
    if (target.kind === 'external') setLeaving(target.url);
  }
  function nextHint() {
    setTab('hints');
    if (shown >= view.hints.length) return;
    setShown(shown + 1);
    announce(t('hints.shown', { number: shown + 1, total: view.hints.length }));
  }

  useCommands([
    {
      id: 'lesson.next',
      label: 'common:commands.nextLesson',
      group: 'lesson',
      key: 'n',
      perform: () => view.next && onOpen(view.next),
      when: () => current && view.next !== null,
    },
    {
      id: 'lesson.previous',
      label: 'common:commands.previousLesson',
      group: 'lesson',
      key: 'p',
      perform: () => view.previous && onOpen(view.previous),
      when: () => current && view.previous !== null,
    },
    {
      id: 'lesson.hint',
      label: 'common:commands.nextHint',
      group: 'lesson',
      key: 'h',
      perform: nextHint,
      when: () => current,
    },
    {
      id: 'lesson.language',
      label: 'common:commands.contentLanguage',
      group: 'lesson',
      perform: () => onLanguage(wanted === 'zh' ? 'en' : 'zh'),
    },
  ]);

  return (
    <>
      <Tabs
        label={t('tabs')}
        value={tab}
        onChange={choose}
        tabs={[
          {
            id: 'lesson',
            label: t('lesson'),
            keep: true,
            ownFocus: true,
            content: (
              <LessonText
                view={view}
                wanted={wanted}
                theme={theme}
                anchor={anchor}
                onLink={follow}
                onOpen={onOpen}
                passed={props.passed}
                cell={props.cell}
                below={props.below}
              />
            ),
          },
          {
            id: 'hints',
            label: t('hints.title'),
            ownFocus: view.hints.length > 0,
            mark: view.hints.length > 0 ? `${shown}/${view.hints.length}` : undefined,
            content: (
              <Hints view={view} shown={shown} theme={theme} onNext={nextHint} onLink={follow} />
            ),
          },
          ...(props.tutor
            ? [
                {
                  id: 'tutor',
                  label: t('tutor'),
                  keep: true,
                  ownFocus: true,
                  content:
                    met &&
                    props.tutor.render({
                      heading: () => (tab === 'lesson' ? headingInView(view) : heading.current),
                      prose: (html, hasMath) => (
                        <LessonHtml
                          html={html}
                          language={view.language}
                          hasMath={hasMath}
                          hasDiagrams={false}
                          theme={theme}
                          onLink={follow}
                        />
                      ),
                      hints: (
                        <Hints
                          view={view}
                          shown={shown}
                          theme={theme}
                          onNext={() => setShown(Math.min(shown + 1, view.hints.length))}
                          onLink={follow}
                        />
                      ),
                    }),
                },
              ]
            : []),
        ]}
        end={
          <div className={styles.tools}>
            <LanguageSwitch language={view.language} wanted={wanted} onLanguage={onLanguage} />
            <Outline view={view} onJump={(heading) => onOpen(view.lesson, heading)} />
          </div>
        }
      />
      <ExternalLink url={leaving} onClose={() => setLeaving(null)} />
    </>
  );
});

/** The last heading at or above the upper part of what is seen. */
function headingInView(view: AuthorText): string | null {
  const above = view.outline.filter(({ id }) => {
    const box = document.getElementById(id)?.getBoundingClientRect();
    return box !== undefined && box.top < window.innerHeight / 3;
  });
  return above.at(-1)?.id ?? null;
}

function LanguageSwitch(props: {
  language: Language;
  wanted: Language;
  onLanguage: (language: Language) => void;
}) {
  const { t } = useTranslation('lesson');
  const other: Language = props.wanted === 'zh' ? 'en' : 'zh';
  return (
    <IconButton label={t(`readIn.${other}`)} onClick={() => props.onLanguage(other)}>
      <span className={styles.language}>{t(`languageShort.${other}`)}</span>
    </IconButton>
  );
}

function Outline(props: { view: AuthorText; onJump: (id: string) => void }) {
  const { t } = useTranslation('lesson');
  const headings = props.view.outline.filter(({ level }) => level > 1);
  if (headings.length < 2) return null;
  return (
    <Menu
      trigger={
        <IconButton label={t('outline')}>
          <List aria-hidden />
        </IconButton>
      }
      items={headings.map(({ id, level, text }) => ({
        id,
        label: text,
        indent: Math.max(0, level - 2),
        onSelect: () => props.onJump(id),
      }))}
    />
  );
}
