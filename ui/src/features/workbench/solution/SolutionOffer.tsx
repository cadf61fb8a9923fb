// The way to the author's solution under the checks: open when the author's rule says so, and until
// then it says when that will be. The core decides; before that the text is not in the page.

import { BookOpenCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { LessonSolution } from '../../../bindings/LessonSolution';
import { Button } from '../../../components/Button';
import { ConfirmDialog } from '../../../components/ConfirmDialog';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { useLoad } from '../../../lib/load';
import { usePlatform } from '../../../platform/context';
import styles from '../checks/ChecksPane.module.css';
import type { SolutionState } from './use-solution';

export interface SolutionOfferProps {
  lesson: LessonRef;
  /** Another text whenever a check began or ended: the rule may hold then. */
  turn: string;
  solution: SolutionState;
}

export function SolutionOffer({ lesson, turn, solution }: SolutionOfferProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const offer = useLoad(`${lesson.course}/${lesson.lesson}`, () => platform.lessonSolution(lesson));
  const [asking, setAsking] = useState(false);
  const why = useWhyNot(offer.value);
  const read = useRef(turn);
  const { reload } = offer;
  useEffect(() => {
    if (read.current === turn) return;
    read.current = turn;
    reload();
  }, [turn, reload]);
  if (offer.error) return <ErrorNotice error={offer.error} />;
  const now = offer.value;
  if (!now || now.state === 'missing') return null;
  if (now.state === 'never') return <p className={styles.hint}>{why}</p>;

  function show() {
    if (now?.state !== 'open') return;
    if (now.passed || solution.agreed) solution.show(now.files);
    else setAsking(true);
  }
  return (
    <div className={styles.hint}>
      <Button
        kind="quiet"
        icon={<BookOpenCheck aria-hidden />}
        disabled={now.state !== 'open'}
        onClick={show}
      >
        {t('solution.show')}
      </Button>
      {why}
      <ConfirmDialog
        open={asking}
        title={t('solution.ask')}
        description={t('solution.askText')}
        confirm={t('solution.confirm')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          solution.agree();
          if (now.state === 'open') solution.show(now.files);
        }}
      />
    </div>
  );
}

function useWhyNot(now: LessonSolution | undefined): string | null {
  const { t } = useTranslation('workbench');
  switch (now?.state) {
    case 'never':
      return t('solution.never');
    case 'afterPass':
      return t('solution.afterPass');
    case 'afterFailed':
      return t('solution.afterFailed', { needed: now.needed, count: now.left });
    default:
      return null;
  }
}
