// A block of the tutor's words, drawn as the lesson's text is, with *insert* and *compare* under its
// blocks in the lesson's programming language. Links to headings lead to the lesson's.

import { type MouseEvent, memo, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './AnswerText.module.css';
import type { RenderProse } from './TutorPane';

export interface AnswerTextProps {
  html: string;
  hasMath: boolean;
  prose: RenderProse;
  onAnchor: (id: string) => void;
  onInsert: (code: string) => void;
  onDiff: (code: string) => void;
  /** The lesson's entry: what ends like it can be taken in. None while it is not known. */
  entry: string | null;
  /** More is to come: its code is not whole yet. */
  growing?: boolean;
}

/** Anchors of an answer carry the answer's id; the lesson has the same heading without it. */
const OWN_ANCHOR = /^#h-m[0-9a-z]+-(.+)$/;

/** Remembered: with each frame of an answer only the block that grows is another. */
export const AnswerText = memo(function AnswerText(props: AnswerTextProps) {
  const { html, hasMath, prose, entry, growing } = props;
  const { t } = useTranslation('tutor');
  const root = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `html` is new elements in the root
  useLayoutEffect(() => {
    if (root.current && !growing) addActions(root.current, entry, t('insert'), t('compare'));
  }, [html, growing, entry, t]);

  function onClick(event: MouseEvent<HTMLDivElement>) {
    if (!(event.target instanceof Element)) return;
    const action = event.target.closest<HTMLElement>('[data-answer-action]');
    if (action) {
      const code = action.closest('[data-answer-code]')?.querySelector('pre')?.textContent ?? '';
      if (action.dataset.answerAction === 'insert') props.onInsert(code);
      else props.onDiff(code);
      return;
    }
    const href = event.target.closest('a')?.getAttribute('href') ?? '';
    const anchor = OWN_ANCHOR.exec(href)?.[1];
    if (anchor === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    // Its heading may stand in another block of the same answer.
    const heading = root.current?.parentElement?.querySelector(
      `[id="${CSS.escape(decodeURIComponent(href.slice(1)))}"]`,
    );
    if (heading) heading.scrollIntoView({ block: 'start' });
    else props.onAnchor(`h-${decodeURIComponent(anchor)}`);
  }

  return (
    <div ref={root} className={styles.text} onClickCapture={onClick}>
      {prose(html, hasMath)}
    </div>
  );
});

/** How the blocks of a language are marked, by the endings of its files. */
const MARKS: Readonly<Record<string, readonly string[]>> = {
  py: ['python', 'py', 'python3'],
  js: ['javascript', 'js'],
  mjs: ['javascript', 'js', 'mjs'],
  go: ['go', 'golang'],
};

/** May run twice on one root. */
function addActions(
  root: HTMLElement,
  entry: string | null,
  insert: string,
  compare: string,
): void {
  const marks = MARKS[entry?.slice(entry.lastIndexOf('.') + 1) ?? ''] ?? [];
  for (const pre of root.querySelectorAll<HTMLElement>('pre[data-language]')) {
    if (!marks.includes(pre.dataset.language?.toLowerCase() ?? '')) continue;
    const block = pre.closest<HTMLElement>('[data-code]') ?? pre;
    if (block.parentElement?.dataset.answerCode !== undefined) continue;
    const around = document.createElement('div');
    around.dataset.answerCode = '';
    block.replaceWith(around);
    const bar = document.createElement('div');
    bar.className = styles.actions ?? '';
    bar.append(button('insert', insert), button('compare', compare));
    around.append(block, bar);
  }
}

function button(action: string, label: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.dataset.answerAction = action;
  made.textContent = label;
  return made;
}
