// How a cell ended, said to screen readers once. On the page only what went wrong is worth a line.

import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../../components/announcer';
import { useEndWords } from '../output/end-words';
import { failureMark } from '../output/traceback';
import type { RunView } from '../run/run-session';

export function useCellEnd({ run, files }: RunView): string | null {
  const { t } = useTranslation('errors');
  const words = useEndWords();
  const said = useRef<string | null>(null);
  const { end, inspection } = run;
  const paths = files.map(({ path }) => path);
  const mark = failureMark(inspection?.failure ?? null, paths);
  const ended = end?.kind === 'finished' ? words(end.report, mark) : null;
  const title = end?.kind === 'failed' ? t(`codes.${end.error.code}.title`) : ended?.title;

  useEffect(() => {
    if (!title || said.current === run.id) return;
    said.current = run.id;
    announce(title);
  });
  if (!ended || ended.kind === 'ok') return null;
  return ended.title;
}
