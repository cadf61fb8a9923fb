// The engines: how they stand while somebody looks, and which of them answered last, how fast.

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from 'react';
import type { EngineReport } from '../bindings/EngineReport';
import { usePlatform } from '../platform/context';

/** A look costs the core some microseconds; twice a second moves a bar smoothly enough. */
const LOOK_MS = 500;

export interface EngineLook {
  /** Absent until the first answer. */
  report: EngineReport | null;
  /** Looks again at once, after something was asked of an engine. */
  refresh: () => void;
}

/** Looks again and again while `on`. */
export function useEngines(on = true): EngineLook {
  const platform = usePlatform();
  const [report, setReport] = useState<EngineReport | null>(null);
  const refresh = useCallback(() => {
    // A look that fails shows nothing new; the next one comes by itself.
    platform.engineReport().then(setReport, () => undefined);
  }, [platform]);
  useEffect(() => {
    if (!on) return undefined;
    refresh();
    const timer = setInterval(refresh, LOOK_MS);
    return () => clearInterval(timer);
  }, [on, refresh]);
  return { report, refresh };
}

/** The end of a program, as the top bar says it. */
export interface Answered {
  engine: string;
  durationMs: number;
}

interface LastAnswer {
  last: Answered | null;
  answered: (by: Answered) => void;
}

const LastAnswerContext = createContext<LastAnswer | null>(null);

export function LastAnswerProvider({ children }: { children: ReactNode }) {
  const [last, answered] = useState<Answered | null>(null);
  const value = useMemo(() => ({ last, answered }), [last]);
  return <LastAnswerContext value={value}>{children}</LastAnswerContext>;
}

export function useLastAnswer(): LastAnswer {
  const value = useContext(LastAnswerContext);
  if (!value) throw new Error('useLastAnswer needs a LastAnswerProvider above it');
  return value;
}
