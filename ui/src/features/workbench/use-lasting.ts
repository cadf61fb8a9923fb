// A state worth drawing only when it lasts: most runs are over in a few milliseconds, and a button
// that turns red and back would only flicker.

import { useEffect, useState } from 'react';

const LASTS_MS = 120;

/** The value, late; `null` at once. */
export function useLasting<T>(value: T | null): T | null {
  const [lasting, setLasting] = useState<T | null>(null);
  useEffect(() => {
    if (value === null) {
      setLasting(null);
      return;
    }
    const timer = setTimeout(() => setLasting(value), LASTS_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return value === null ? null : lasting;
}
