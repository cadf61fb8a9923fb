// The window once everything is there: the top bar, the place, and what opens over it.

import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Engine } from '../bindings/Engine';
import type { LessonRef } from '../bindings/LessonRef';
import type { AuthorStart } from '../features/author/Author';
import { Home } from '../features/home/Home';
import { SettingsDialog } from '../features/settings/SettingsDialog';
import { pick } from '../lib/i18n';
import { useSettings } from '../lib/settings';
import { usePlatform } from '../platform/context';
import { AuthorPlace } from './AuthorPlace';
import styles from './Frame.module.css';
import { KeySheet } from './KeySheet';
import { Learn } from './learn/Learn';
import { LessonTexts } from './learn/lesson-texts';
import { useCourse } from './learn/use-course';
import { useLesson } from './learn/use-lesson';
import { usePanes } from './learn/use-panes';
import { Search } from './Search';
import { ShelfDialogs, ShelfTools } from './Shelf';
import { TopBar, type TopBarProps } from './TopBar';
import { type Over, useFrameCommands } from './use-frame-commands';
import { useShelf } from './use-shelf';
import { useTrees } from './use-trees';

/** A heading to show; a new object shows it again. */
type Anchor = { id: string };

/** Where in the window the learner is. */
type Place =
  | { at: 'home' }
  | { at: 'author'; first: AuthorStart | null }
  | { at: 'lesson'; lesson: LessonRef; anchor: Anchor | null };

export interface FrameProps {
  engine: Engine;
  /** Now; where the year on Home ends. */
  today: Date;
}

export function Frame({ engine, today }: FrameProps) {
  const [place, setPlace] = useState<Place>({ at: 'home' });
  const { language, contentLanguage } = useSettings();
  const [over, setOver] = useState<Over>(null);
  const close = () => setOver(null);
  const goHome = () => setPlace({ at: 'home' });
  const open = useCallback(
    (lesson: LessonRef, heading?: string | null) =>
      setPlace({ at: 'lesson', lesson, anchor: heading ? { id: heading } : null }),
    [],
  );
  const goAuthor = (first: AuthorStart | null) => setPlace({ at: 'author', first });
  const shelf = useShelf(({ dir, lesson, language: read }) =>
    goAuthor({ dir, preview: { lesson, language: read } }),
  );
  const texts = useTexts(shelf.version);
  useFrameCommands(setOver, {
    home: goHome,
    author: () => goAuthor(null),
    openCourse: () => void shelf.choose(),
  });

  const bar = {
    engine,
    onHome: goHome,
    onSearch: () => setOver('palette'),
    onSettings: () => setOver('settings'),
    onEngine: () => setOver('engine'),
    onAi: () => setOver('ai'),
    onRecord: () => goAuthor(null),
  };
  return (
    <div className={styles.frame}>
      {place.at === 'lesson' ? (
        <LessonPlace
          bar={bar}
          place={place}
          texts={texts}
          over={over}
          onClose={close}
          onOpen={open}
        />
      ) : (
        <WidePlace bar={bar} over={over} onClose={close} onOpen={open}>
          {place.at === 'home' ? (
            <Home
              key={shelf.version}
              language={language}
              today={today}
              onOpen={open}
              onForesee={(next) => texts.foresee(next, contentLanguage)}
              onRemove={shelf.remove}
              onForget={shelf.forget}
              tools={
                <ShelfTools
                  onOpen={() => void shelf.choose()}
                  onImport={() => setOver('import')}
                  onAuthor={() => goAuthor(null)}
                />
              }
            />
          ) : (
            <AuthorPlace first={place.first} language={language} onBundle={shelf.show} />
          )}
        </WidePlace>
      )}
      <ShelfDialogs
        shelf={shelf}
        language={language}
        importing={over === 'import'}
        onImported={close}
        onHome={goHome}
        onAuthor={(dir) => goAuthor({ dir, preview: null })}
        onOpen={open}
      />
      <SettingsDialog
        open={over === 'settings' || over === 'engine' || over === 'ai'}
        first={over === 'engine' || over === 'ai' ? over : 'look'}
        onClose={close}
      />
      <KeySheet open={over === 'keys'} onClose={close} />
    </div>
  );
}

/** Lessons that were read ahead; none any more when courses came, changed or went. */
function useTexts(version: number): LessonTexts {
  const platform = usePlatform();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version of the shelf has other texts
  return useMemo(() => new LessonTexts(platform), [platform, version]);
}

interface PlaceProps {
  bar: Pick<
    TopBarProps,
    'engine' | 'onHome' | 'onSearch' | 'onSettings' | 'onEngine' | 'onAi' | 'onRecord'
  >;
  over: Over;
  onClose: () => void;
  onOpen: (lesson: LessonRef, heading?: string | null) => void;
}

/** A place without panes: all of the window below the bar. */
function WidePlace({ bar, over, onClose, onOpen, children }: PlaceProps & { children: ReactNode }) {
  const trees = useTrees(over === 'palette');
  return (
    <>
      <TopBar {...bar} path={[]} tree={null} onTree={() => undefined} />
      <div className={styles.place}>{children}</div>
      <Search open={over === 'palette'} trees={trees} onOpen={onOpen} onClose={onClose} />
    </>
  );
}

interface LessonPlaceProps extends PlaceProps {
  place: Extract<Place, { at: 'lesson' }>;
  texts: LessonTexts;
}

function LessonPlace(props: LessonPlaceProps) {
  const { bar, place, texts, over, onClose, onOpen } = props;
  const { language, contentLanguage } = useSettings();
  const open = useLesson(place.lesson, contentLanguage, texts);
  const { text, work } = open;
  const course = useCourse(place.lesson.course, work);
  const panes = usePanes();
  const { tree } = course;
  const trees = useMemo(() => (tree ? [tree] : []), [tree]);
  const path = [
    tree && pick(tree.title, language),
    text && `${text.number} ${pick(text.title, language)}`,
  ].filter((step) => step !== undefined);
  return (
    <>
      <TopBar
        {...bar}
        path={path}
        tree={!panes.isClosed('tree')}
        onTree={() => panes.toggle('tree')}
      />
      <div className={styles.place}>
        <Learn
          lesson={place.lesson}
          anchor={place.anchor}
          course={course}
          open={open}
          panes={panes}
          onOpen={onOpen}
          onAi={bar.onAi}
        />
      </div>
      <Search
        open={over === 'palette'}
        trees={trees}
        text={text}
        onOpen={onOpen}
        onClose={onClose}
      />
    </>
  );
}
