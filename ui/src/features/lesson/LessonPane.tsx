// The middle pane: the lesson and its hints, the outline, and the switch of the text's language.

import { List } from 'lucide-react';
import { memo, useState } from 'react';
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
  /** Stands under the blocks that can run. Always the same function, so that the text stays drawn. */
  cell: RenderCell;
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
        onChange={setTab}
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
                cell={props.cell}
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
