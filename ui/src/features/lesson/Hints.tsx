// Hints, mildest first, one at a time: each is asked for, and what was shown stays.

import { Lightbulb } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LessonText } from '../../bindings/LessonText';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { Keys } from '../../components/Keys';
import type { ShownTheme } from '../../lib/theme';
import styles from './Hints.module.css';
import { LessonHtml } from './LessonHtml';
import type { LinkTarget } from './links';

export interface HintsProps {
  view: LessonText;
  /** How many are open. */
  shown: number;
  theme: ShownTheme;
  onNext: () => void;
  onLink: (target: LinkTarget) => void;
}

export function Hints({ view, shown, theme, onNext, onLink }: HintsProps) {
  const { t } = useTranslation('lesson');
  const total = view.hints.length;
  if (total === 0) {
    return (
      <EmptyState
        icon={<Lightbulb aria-hidden />}
        title={t('hints.none')}
        text={t('hints.noneText')}
      />
    );
  }
  return (
    <div className={styles.page} tabIndex={0} data-pane-focus>
      <div className={styles.column}>
        {shown === 0 && <p className={styles.intro}>{t('hints.intro')}</p>}
        <ol className={styles.list}>
          {view.hints.slice(0, shown).map((html, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: hints have no id, and their order never changes
            <li key={index} className={styles.hint}>
              <h2 className={styles.title}>{t('hints.one', { number: index + 1, total })}</h2>
              <LessonHtml
                html={html}
                language={view.language}
                hasMath={html.includes('class="math"')}
                hasDiagrams={false}
                theme={theme}
                onLink={onLink}
              />
            </li>
          ))}
        </ol>
        {shown < total ? (
          <Button onClick={onNext} icon={<Lightbulb aria-hidden />}>
            {t('hints.next', { number: shown + 1, total })} <Keys of="h" />
          </Button>
        ) : (
          <p className={styles.intro}>{t('hints.all')}</p>
        )}
      </div>
    </div>
  );
}
