// The words for every end a program can come to. Shared by the footer and the screen reader.

import { useTranslation } from 'react-i18next';
import type { RunReport } from '../../../bindings/RunReport';
import { spokenLanguage } from '../../../lib/i18n';
import { sizeText } from '../words';
import { useNoteWords } from './note-words';
import type { ErrorMark } from './traceback';

export interface EndWords {
  kind: 'ok' | 'bad' | 'stopped';
  title: string;
  /** What Python says, in its own words. */
  said?: string;
  meaning?: string;
  action?: string;
  /** The exit code in words, where it adds something. */
  code?: string;
}

export function useEndWords(): (report: RunReport, mark: ErrorMark | null) => EndWords {
  const { t } = useTranslation('workbench');
  const noteWords = useNoteWords();
  return (report, mark) => {
    const { outcome, note } = report;
    if (note) {
      const words = noteWords(note);
      if (outcome.kind !== 'exited') return { kind: 'stopped', ...words };
      return { kind: 'bad', ...words, code: t('outcome.code', { code: outcome.code }) };
    }
    switch (outcome.kind) {
      case 'exited':
        return exited(outcome.code, mark);
      case 'timedOut':
        return {
          kind: 'stopped',
          title: t('outcome.timedOut', { seconds: report.timeoutS }),
          meaning: t('outcome.timedOutMeaning'),
          action: t('outcome.timedOutAction'),
        };
      case 'outOfMemory':
        return {
          kind: 'stopped',
          title: t('outcome.outOfMemory'),
          meaning: t('outcome.outOfMemoryMeaning'),
          action: t('outcome.outOfMemoryAction'),
        };
      case 'outputLimit':
        return {
          kind: 'stopped',
          title: t('outcome.outputLimit'),
          meaning: t('outcome.outputLimitMeaning', {
            size: sizeText(report.outputCap, spokenLanguage()),
          }),
          action: t('outcome.outputLimitAction'),
        };
      case 'cancelled':
        return { kind: 'stopped', title: t('outcome.cancelled') };
      case 'refused':
        return { kind: 'stopped', title: t('outcome.refused') };
    }
  };

  function exited(code: number, mark: ErrorMark | null): EndWords {
    if (code === 0) return { kind: 'ok', title: t('outcome.exited') };
    if (!mark) {
      return {
        kind: 'bad',
        title: t('outcome.exitCode', { code }),
        meaning: t('outcome.exitCodeMeaning'),
      };
    }
    return {
      kind: 'bad',
      title: t('outcome.error'),
      said: mark.message,
      action: t('outcome.errorAction', { path: mark.path, line: mark.line }),
      code: t('outcome.code', { code }),
    };
  }
}
