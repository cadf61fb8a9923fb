// Above the steps: who answered for the model, how often it may and did, what all of it took, the search, and the way out.

import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ArmedFault } from '../../../bindings/ArmedFault';
import type { LessonRef } from '../../../bindings/LessonRef';
import { IconButton } from '../../../components/IconButton';
import { spokenLanguage } from '../../../lib/i18n';
import { countText, moneyText } from '../../../lib/money';
import { usePlatform } from '../../../platform/context';
import type { RunView } from '../run/run-session';
import { CompareWith } from './CompareWith';
import { FaultMenu } from './FaultMenu';
import { sumsOf } from './rows';
import styles from './TracePane.module.css';

export interface TraceBarProps {
  view: RunView;
  armed: ArmedFault | null;
  onArm: (fault: ArmedFault | null) => void;
  lesson: LessonRef;
  /** The run beside this one; `''` for none. */
  other: string;
  onCompare: (run: string) => void;
  search: string;
  onSearch: (search: string) => void;
  onSaid: (text: string) => void;
  onFailed: (thrown: unknown) => void;
}

export function TraceBar(props: TraceBarProps) {
  const { view, armed, onArm, lesson, search, onSearch, onSaid, onFailed } = props;
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const language = spokenLanguage();
  const { calls, tokens, cost } = sumsOf(view.trace.spans);
  const money = [...cost].map(([currency, value]) => moneyText({ currency, value }, language));
  const { id, end, agents } = view.run;
  const isKept = end?.kind === 'finished' && end.report.traced;

  function save() {
    if (id === null) return;
    platform.traceExport(id).then((at) => onSaid(t('output.savedAt', { path: at })), onFailed);
  }

  return (
    <div className={styles.bar}>
      <p className={styles.sums}>
        {[
          ...(agents
            ? [t(`trace.mode.${agents.mode}`), t('trace.calls', { calls, limit: agents.callLimit })]
            : []),
          t('trace.allTokens', { tokens: countText(tokens, language) }),
          ...money,
        ].join(' · ')}
      </p>
      <CompareWith
        lesson={lesson}
        run={id}
        turn={`${id}${view.run.phase}`}
        chosen={props.other}
        onChoose={props.onCompare}
      />
      <FaultMenu armed={armed} onArm={onArm} />
      <input
        type="search"
        className={styles.search}
        aria-label={t('trace.search')}
        placeholder={t('trace.search')}
        value={search}
        onChange={(event) => onSearch(event.target.value)}
      />
      <IconButton label={t('trace.export')} disabled={!isKept} onClick={save}>
        <Download aria-hidden />
      </IconButton>
    </div>
  );
}
