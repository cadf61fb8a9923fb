// Asks the core for something a place shows, and keeps what it has while it asks again.

import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, toApiError } from './api-error';

export interface Loaded<T> {
  /** The newest answer; absent until the first one. */
  value: T | undefined;
  error: ApiError | null;
  reload: () => void;
  /** Changes the answer in place, for what the page already knows better. */
  change: (with_: (value: T) => T) => void;
}

/** `ask` runs at mount and whenever `key` changes; an answer that comes too late is dropped. */
export function useLoad<T>(key: string, ask: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; error: ApiError | null }>({
    key,
    error: null,
  });
  const turn = useRef(0);
  const newestAsk = useRef(ask);
  useEffect(() => {
    newestAsk.current = ask;
  });

  const reload = useCallback(() => {
    turn.current += 1;
    const mine = turn.current;
    newestAsk.current().then(
      (value) => mine === turn.current && setState({ key, value, error: null }),
      (thrown) =>
        mine === turn.current &&
        setState((old) => ({ ...(old.key === key && old), key, error: toApiError(thrown) })),
    );
  }, [key]);
  useEffect(reload, [reload]);

  const change = useCallback(
    (with_: (value: T) => T) =>
      setState((old) => (old.value === undefined ? old : { ...old, value: with_(old.value) })),
    [],
  );
  const current = state.key === key;
  return {
    value: current ? state.value : undefined,
    error: current ? state.error : null,
    reload,
    change,
  };
}
