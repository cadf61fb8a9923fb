// The newest of a function behind one that never changes, for callbacks that are handed to parts of
// the page that are drawn again only when something of theirs changes.

import { useCallback, useLayoutEffect, useRef } from 'react';

/** The answer must not be called while the page is being drawn. */
export function useSteady<Args extends unknown[], Answer>(
  call: (...args: Args) => Answer,
): (...args: Args) => Answer {
  const newest = useRef(call);
  useLayoutEffect(() => {
    newest.current = call;
  });
  return useCallback((...args: Args) => newest.current(...args), []);
}
