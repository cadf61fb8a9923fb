// Why a check did not pass: the sentence, what was called, expected beside got, what was printed.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckResult } from '../../../bindings/CheckResult';
import type { Ignored } from '../../../bindings/Ignored';
import type { Language } from '../../../bindings/Language';
import { htmlLanguage, spokenLanguage } from '../../../lib/i18n';
import { useNoteWords } from '../output/note-words';
import { PlainOutput } from '../output/PlainOutput';
import { Comparison } from './Comparison';
import styles from './Evidence.module.css';

export interface EvidenceProps {
  result: CheckResult;
  language: Language;
  files: readonly string[];
  onOpen: (path: string, line: number) => void;
  explain?: (printed: string) => ReactNode;
}

export function Evidence({ result, language, files, onOpen, explain }: EvidenceProps) {
  const { t } = useTranslation('workbench');
  const { call, expected, got, ignored, output, kind, status } = result;
  const same = kind === 'output' && got === output;
  return (
    <div className={styles.evidence}>
      {status !== 'pass' && <Sentence result={result} language={language} />}
      {call !== null && (
        <Block label={kind === 'python' ? t('checks.call') : t('checks.input')} text={call} />
      )}
      {status !== 'pass' && expected !== null && (
        <Comparison expected={expected} got={got} kind={kind} ignored={ignored} />
      )}
      {(status === 'pass' || expected !== null) && <NotCounted ignored={ignored} />}
      {output !== '' && !same && (
        <details className={styles.printed} open={status === 'error'}>
          <summary>{t('checks.printed')}</summary>
          <PlainOutput text={output} label={t('checks.printed')} files={files} onOpen={onOpen} />
        </details>
      )}
      {result.testCode && (
        <details className={styles.printed}>
          <summary>{t('checks.test')}</summary>
          <pre className={styles.code}>{result.testCode}</pre>
        </details>
      )}
      {status === 'error' && output.includes('File "') && explain?.(output)}
    </div>
  );
}

/** The author's sentence, else ours; a program that was stopped is always said. */
function Sentence({ result, language }: { result: CheckResult; language: Language }) {
  const { t } = useTranslation('workbench');
  const noteWords = useNoteWords();
  const { outcome, note, message, status, kind } = result;
  const why = note && Object.values(noteWords(note)).join('\n');
  const stopped = outcome.kind === 'exited' ? why : (why ?? t(`checks.word.${outcome.kind}`));
  const own = status === 'error' ? t('checks.word.error') : t(`checks.word.${kind}`);
  return (
    <>
      {message && (
        <p className={styles.sentence} lang={htmlLanguage(language)}>
          {message}
        </p>
      )}
      {(stopped || !message) && <p className={styles.sentence}>{stopped ?? own}</p>}
    </>
  );
}

/** What was left out of the comparison, so that nobody looks there for the difference. */
function NotCounted({ ignored }: { ignored: readonly Ignored[] }) {
  const { t } = useTranslation('workbench');
  if (ignored.length === 0) return null;
  const list = new Intl.ListFormat(spokenLanguage(), { type: 'conjunction' });
  const what = list.format(ignored.map((each) => t(`checks.ignored.${each}`)));
  return <p className={styles.label}>{t('checks.notCounted', { what })}</p>;
}

function Block(props: { label: string; text: string }) {
  return (
    <div>
      <p className={styles.label}>{props.label}</p>
      <pre className={styles.code}>{props.text}</pre>
    </div>
  );
}
