// *Explain this error*: what Python printed, in plain words, out of the dictionary of the core. Needs
// neither a key nor a network; who wants more can go on to the tutor.

import { BookOpenText, MessageCircleQuestion } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorExplanation } from '../../../bindings/ErrorExplanation';
import type { FileText } from '../../../bindings/FileText';
import type { Language } from '../../../bindings/Language';
import type { LessonRef } from '../../../bindings/LessonRef';
import { announce } from '../../../components/announcer';
import { Button } from '../../../components/Button';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { SafeHtml } from '../../../components/SafeHtml';
import { type ApiError, toApiError } from '../../../lib/api-error';
import { htmlLanguage } from '../../../lib/i18n';
import { usePlatform } from '../../../platform/context';
import styles from './ErrorHelp.module.css';

export interface ErrorHelpProps {
  lesson: LessonRef;
  /** Of the lesson. */
  language: Language;
  /** What the program printed, with the traceback. */
  printed: () => string;
  /** As they ran. */
  files: readonly FileText[];
  onOpen: (path: string, line: number) => void;
  /** Goes on to the tutor; without it there is none. */
  onAsk?: () => void;
}

/** The core reads this much, in characters; the traceback stands at the end. */
const MAX_PRINTED = 60_000;

type Answer =
  | { kind: 'explained'; explanation: ErrorExplanation }
  | { kind: 'nothing' }
  | { kind: 'failed'; error: ApiError };

export function ErrorHelp(props: ErrorHelpProps) {
  const { lesson, language, printed, files, onAsk } = props;
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const [answer, setAnswer] = useState<Answer | null>(null);

  async function explain() {
    try {
      const explanation = await platform.errorExplain({
        lesson,
        language,
        printed: printed().slice(-MAX_PRINTED),
        files: [...files],
      });
      setAnswer(explanation ? { kind: 'explained', explanation } : { kind: 'nothing' });
      announce(explanation ? textOf(explanation.means) : t('help.nothing'));
    } catch (thrown) {
      setAnswer({ kind: 'failed', error: toApiError(thrown) });
    }
  }

  return (
    <div className={styles.help}>
      <div className={styles.actions}>
        <Button
          icon={<BookOpenText aria-hidden />}
          aria-expanded={answer !== null}
          onClick={() => (answer ? setAnswer(null) : void explain())}
        >
          {t('help.explain')}
        </Button>
        {onAsk && (
          <Button kind="quiet" icon={<MessageCircleQuestion aria-hidden />} onClick={onAsk}>
            {t('help.ask')}
          </Button>
        )}
      </div>
      {answer?.kind === 'failed' && <ErrorNotice error={answer.error} />}
      {answer?.kind === 'nothing' && <p>{t('help.nothing')}</p>}
      {answer?.kind === 'explained' && (
        <Explained explanation={answer.explanation} language={language} onOpen={props.onOpen} />
      )}
    </div>
  );
}

function Explained(props: {
  explanation: ErrorExplanation;
  language: Language;
  onOpen: (path: string, line: number) => void;
}) {
  const { error, means, causes, look, place } = props.explanation;
  const { t } = useTranslation('workbench');
  return (
    <section className={styles.words} aria-label={t('help.label')}>
      <p className={styles.error}>{error}</p>
      <div lang={htmlLanguage(props.language)}>
        <SafeHtml html={means} />
        <h3 className={styles.title}>{t('help.causes')}</h3>
        <SafeHtml html={causes} />
        <h3 className={styles.title}>{t('help.look')}</h3>
        <SafeHtml html={look} />
      </div>
      {place && (
        <p>
          <button
            type="button"
            className={styles.place}
            onClick={() => props.onOpen(place.path, place.line)}
          >
            {t('code.place', { path: place.path, line: place.line })}
          </button>{' '}
          <code>{place.code}</code>
        </p>
      )}
    </section>
  );
}

/** The words alone, for who hears them. */
function textOf(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent?.trim() ?? '';
}
