// Whether the tutor can be asked and what it has cost: asked once, told again after each change.

import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import type { AiState } from '../bindings/AiState';
import type { Spending } from '../bindings/Spending';
import { usePlatform } from '../platform/context';
import { useSettings } from './settings';

export interface AiContextValue {
  /** Absent until the core has answered, and while it cannot. */
  ai: AiState | null;
  /** Asks again: the settings changed. */
  refresh: () => void;
  setAi: (ai: AiState) => void;
  setSpending: (spending: Spending) => void;
}

const AiContext = createContext<AiContextValue | null>(null);

export function AiProvider({ children }: { children: ReactNode }) {
  const platform = usePlatform();
  const [ai, setAi] = useState<AiState | null>(null);
  const refresh = useCallback(() => {
    // Without an answer there is no tutor, and the pane says how to get one.
    platform.aiState().then(setAi, () => setAi(null));
  }, [platform]);
  // Again with each change of its settings, and when that change is stored.
  const { settings } = useSettings();
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(refresh, [refresh, settings.ai]);
  const setSpending = useCallback(
    (spending: Spending) => setAi((old) => old && { ...old, spending }),
    [],
  );
  return <AiContext value={{ ai, refresh, setAi, setSpending }}>{children}</AiContext>;
}

export function useAi(): AiContextValue {
  const value = useContext(AiContext);
  if (!value) throw new Error('useAi needs an AiProvider above it');
  return value;
}
