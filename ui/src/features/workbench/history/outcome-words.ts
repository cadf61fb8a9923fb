// How an entry of the history ended, in two or three words.

import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../bindings/HistoryEntry';

export interface EntryWords {
  text: string;
  good: boolean | null;
}

export function useEntryWords(): (entry: HistoryEntry) => EntryWords {
  const { t } = useTranslation('workbench');
  return ({ kind, outcome, passed, total }) => {
    if (kind === 'snapshot') return { text: '', good: null };
    if (kind === 'check' && passed !== null && total !== null) {
      return { text: t('history.ratio', { passed, total }), good: passed === total };
    }
    if (!outcome) return { text: t('history.unknown'), good: null };
    if (outcome.kind !== 'exited') return { text: t(`history.${outcome.kind}`), good: false };
    if (outcome.code === 0) return { text: t('history.ok'), good: true };
    if (outcome.code === 1) return { text: t('history.failed'), good: false };
    return { text: t('history.exit', { code: outcome.code }), good: false };
  };
}
