// The lesson as a page to read: title, text, the way on, and whose text it is.

import { ArrowLeft, ArrowRight } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { LessonText as AuthorText } from '../../bindings/LessonText';
import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { afterPaint } from '../../lib/after-paint';
import { htmlLanguage, pick, spokenLanguage } from '../../lib/i18n';
import type { ShownTheme } from '../../lib/theme';
import { BuildsOn } from './BuildsOn';
import type { RenderCell } from './cells';
import { LessonHtml } from './LessonHtml';
import styles from './LessonText.module.css';
import type { LinkTarget } from './links';
import { type Place, placeOf, returnTo } from './place';
import { showTabOf } from './tabs';

export interface LessonTextProps {
  /** Always of the same lesson for one element. */
  view: AuthorText;
  wanted: Language;
  theme: ShownTheme;
  /** A heading to show; a new object shows it again. */
  anchor: { id: string } | null;
  onLink: (target: LinkTarget) => void;
  onOpen: (lesson: LessonRef) => void;
  /** Ids of the course's lessons that the learner has passed. */
  passed: ReadonlySet<string>;
  cell: RenderCell;
  /** Stands between the text and the ways on. */
  below?: ReactNode;
}

export function LessonText(props: LessonTextProps) {
  const { view, wanted, theme, anchor, onLink, onOpen, cell, below } = props;
  const { t } = useTranslation('lesson');
  const scroller = useRef<HTMLElement>(null);
  const whole = useWhole(anchor !== null);
  usePlaceKept(scroller, view.language);

  // The link or key that led here is gone, and the focus with it: the text takes it over.
  useEffect(() => {
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  }, []);

  useEffect(() => {
    if (!anchor) return;
    const heading = scroller.current?.querySelector(`[id="${CSS.escape(anchor.id)}"]`);
    if (heading) showTabOf(heading);
    heading?.scrollIntoView({ block: 'start' });
  }, [anchor]);

  const { previous, next } = view;
  return (
    <article
      ref={scroller}
      className={styles.page}
      tabIndex={0}
      data-pane-focus
      aria-labelledby="lesson-title"
    >
      <div className={styles.column}>
        <header className={styles.header} lang={htmlLanguage(view.language)}>
          <p className={styles.chapter}>{pick(view.chapterTitle, view.language)}</p>
          <h1 id="lesson-title" className={styles.title}>
            <span className={styles.number}>{view.number}</span> {pick(view.title, view.language)}
          </h1>
          <p className={styles.meta} lang={undefined}>
            {t('minutes', { minutes: view.minutes })}
          </p>
          <div lang={htmlLanguage(spokenLanguage())}>
            <BuildsOn view={view} passed={props.passed} onOpen={onOpen} />
          </div>
        </header>
        {view.language !== wanted && <Notice kind="info">{t(`only.${view.language}`)}</Notice>}
        <LessonHtml
          html={view.html}
          language={view.language}
          hasMath={view.hasMath}
          hasDiagrams={view.hasDiagrams}
          theme={theme}
          onLink={onLink}
          cell={cell}
          atOnce={anchor !== null}
        />
        {whole && below}
        <nav className={styles.ways} aria-label={t('ways')}>
          {previous && (
            <Button kind="quiet" icon={<ArrowLeft aria-hidden />} onClick={() => onOpen(previous)}>
              {t('previous')}
            </Button>
          )}
          {next && (
            <Button className={styles.next} onClick={() => onOpen(next)}>
              {t('next')} <ArrowRight aria-hidden />
            </Button>
          )}
        </nav>
        {view.license && <p className={styles.license}>{view.license}</p>}
      </div>
    </article>
  );
}

/**
 * False until the first paint, which is for what stands at the beginning. Who comes for a place further
 * down gets all of it.
 */
function useWhole(atOnce: boolean): boolean {
  const [whole, setWhole] = useState(atOnce);
  useEffect(() => {
    let isGone = false;
    void afterPaint().then(() => isGone || setWhole(true));
    return () => {
      isGone = true;
    };
  }, []);
  return whole;
}

/** The other language of a lesson is shown where the first one was read. */
function usePlaceKept(scroller: React.RefObject<HTMLElement | null>, language: Language): void {
  // Nothing until the first scroll: a text begins at its top, and asking would lay it out at once.
  const last = useRef<Place | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each language of a lesson is laid out anew
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    if (last.current) returnTo(element, last.current);
    const remember = () => {
      last.current = placeOf(element);
    };
    element.addEventListener('scroll', remember, { passive: true });
    return () => element.removeEventListener('scroll', remember);
  }, [language, scroller]);
}
