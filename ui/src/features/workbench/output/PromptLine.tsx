// The line a program waits for, inside the output: the program's own prompt is its label.

import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/Button';
import { type Line, lineText } from './line-model';
import { OutputLine } from './OutputLine';
import styles from './PromptLine.module.css';

export interface PromptLineProps {
  /** The unfinished last line of the output. */
  prompt: Line | null;
  onLine: (line: string) => void;
  onEnd: () => void;
  onStop: () => void;
}

const NO_FILES: readonly string[] = [];

export function PromptLine({ prompt, onLine, onEnd, onStop }: PromptLineProps) {
  const { t } = useTranslation('workbench');
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  useEffect(() => input.current?.focus(), []);

  function onKeyDown(event: KeyboardEvent) {
    // Some web views end a composition before its last key: 229 is still the input method's.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter') onLine(text);
    else if (event.key === 'd' && event.ctrlKey) onEnd();
    else if (event.key === 'Escape') onStop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // A field of one line would glue pasted lines together; here each is an answer of its own.
  function onPaste(event: ClipboardEvent) {
    const pasted = event.clipboardData.getData('text');
    if (!/\n/.test(pasted)) return;
    event.preventDefault();
    onLine(text + pasted.replace(/\r?\n$/, ''));
  }

  const asked = prompt ? lineText(prompt).trim() : '';
  return (
    <div className={styles.prompt}>
      <div className={styles.row}>
        {prompt && (
          <span className={styles.asked} aria-hidden>
            <OutputLine line={prompt} files={NO_FILES} onOpen={() => undefined} />
          </span>
        )}
        <input
          ref={input}
          className={styles.input}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          aria-label={asked ? `${asked} — ${t('output.promptLabel')}` : t('output.promptLabel')}
          aria-describedby={hint}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
      </div>
      <p id={hint} className={styles.hint}>
        {t('output.promptHint')}
        <Button kind="quiet" className={styles.end} onClick={onEnd}>
          {t('output.endInput')}
        </Button>
      </p>
    </div>
  );
}
