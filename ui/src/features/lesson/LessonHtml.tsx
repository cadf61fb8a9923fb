// A piece of a course's text on the page: the HTML the core made safe, brought to life.

import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import { announce } from '../../components/announcer';
import { htmlLanguage } from '../../lib/i18n';
import type { ShownTheme } from '../../lib/theme';
import { type RenderCell, runAndNext, useCellPlaces } from './cells';
import { useFormulas } from './formulas';
import { copyCode, hydrateDiagrams, hydrateText, tellMissing } from './hydrate';
import styles from './LessonHtml.module.css';
import { type LinkTarget, targetOf } from './links';
import { patchText, type Written } from './patch';
import { usePieces } from './pieces';
import { clickTab, keyInTabs, showTabOf } from './tabs';

export interface LessonHtmlProps {
  html: string;
  language: Language;
  hasMath: boolean;
  hasDiagrams: boolean;
  theme: ShownTheme;
  /** A link that leads out of this text. */
  onLink: (target: LinkTarget) => void;
  /** What runs the blocks that can run; without it they are like all others. */
  cell?: RenderCell;
  /**
   * A newer `html` is the same text, edited: only the blocks that differ are put in. Always the same
   * for one element, and not together with `cell`, which puts more between the blocks.
   */
  edited?: boolean;
  /** All of the text is wanted in the first frame, not only what fills the window. */
  atOnce?: boolean;
}

export const LessonHtml = memo(function LessonHtml(props: LessonHtmlProps) {
  const { html, language, hasMath, hasDiagrams, theme, onLink, cell, edited, atOnce } = props;
  const root = useRef<HTMLDivElement>(null);
  const words = useLessonWords(language);

  const { pieces, complete } = usePieces(root, edited ? null : html, atOnce === true);
  const written = useRef<Written>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each piece brings new elements
  useLayoutEffect(() => {
    if (!root.current) return;
    if (edited) written.current = patchText(root.current, written.current, html);
    hydrateText(root.current, words);
  }, [html, pieces, words, edited]);

  useEffect(() => {
    const text = root.current;
    const onError = ({ target }: Event) => {
      if (target instanceof HTMLImageElement) tellMissing(target, words);
    };
    // A picture's error goes down to it and does not come up again.
    text?.addEventListener('error', onError, true);
    return () => text?.removeEventListener('error', onError, true);
  }, [words]);

  useFormulas(root, html, pieces, hasMath);
  const places = useCellPlaces(root, html, pieces, cell !== undefined, words.editable);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `html` and each piece are new elements
  useEffect(() => {
    if (hasDiagrams && root.current) void hydrateDiagrams(root.current, theme, words);
  }, [html, pieces, hasDiagrams, theme, words]);

  async function onCopy(button: HTMLElement) {
    const done = await copyCode(button);
    button.textContent = done ? words.copied : words.notCopied;
    announce(button.textContent);
    button.addEventListener('blur', () => (button.textContent = words.copy), { once: true });
  }

  function onClick(event: MouseEvent<HTMLDivElement>) {
    // Where it really was: of a click inside a drawing the target is only the drawing.
    const [at] = event.nativeEvent.composedPath();
    if (!(at instanceof Element)) return;
    const button = at.closest<HTMLElement>('[data-copy]');
    if (button) void onCopy(button);
    clickTab(event.currentTarget, at);
    const link = at.closest('a');
    if (!link) return;
    event.preventDefault();
    const target = targetOf(link);
    if (target.kind !== 'anchor') return onLink(target);
    complete();
    showAnchor(event.currentTarget, target.id);
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const at = event.target;
    if (!(at instanceof Element) || event.ctrlKey || !root.current) return;
    const isNext = event.key === 'Enter' && event.shiftKey;
    const done = isNext ? runAndNext(root.current, at) : keyInTabs(root.current, at, event.key);
    if (done) event.preventDefault();
  }

  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens for the links and buttons inside */}
      <div
        ref={root}
        className={styles.text}
        lang={htmlLanguage(language)}
        onClick={onClick}
        onKeyDown={onKeyDown}
      />
      {cell && places.map((it) => createPortal(cell(it.cell, it.lines), it.host, it.key))}
    </>
  );
});

function showAnchor(root: Element, id: string): void {
  const target = root.querySelector<HTMLElement>(`[id="${CSS.escape(id)}"]`);
  if (target) showTabOf(target);
  target?.scrollIntoView({ block: 'start' });
}

/** The page's words inside the text, in the text's language. */
function useLessonWords(language: Language) {
  const { i18n } = useTranslation('lesson');
  return useMemo(() => {
    const t = i18n.getFixedT(language, 'lesson');
    return {
      copy: t('copy'),
      copied: t('copied'),
      notCopied: t('notCopied'),
      diagram: t('diagram'),
      missing: t('missing'),
      editable: t('editable'),
    };
  }, [i18n, language]);
}
