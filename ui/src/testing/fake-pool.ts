// The engine of containers as a test wants it to stand.

import type { Pool } from '../bindings/Pool';
import type { PoolLatency } from '../bindings/PoolLatency';

const NONE: PoolLatency = { count: 0, p50Ms: 0, p95Ms: 0, maxMs: 0 };

/** A pool that nobody has needed yet, but for what is said. */
export function fakePool(change: Partial<Pool> = {}): Pool {
  return {
    state: 'unknown',
    detail: '',
    percent: null,
    retryInMs: null,
    engine: null,
    available: 0,
    inUse: 0,
    starting: 0,
    waiting: 0,
    created: 0,
    destroyed: 0,
    runs: 0,
    resets: 0,
    discards: 0,
    failures: 0,
    swept: 0,
    acquire: NONE,
    firstOutput: NONE,
    run: NONE,
    reset: NONE,
    create: NONE,
    ...change,
  };
}

/** One that has worked for a while. */
export function readyPool(): Pool {
  const took: PoolLatency = { count: 9, p50Ms: 1.25, p95Ms: 4, maxMs: 12.4 };
  return fakePool({
    state: 'ready',
    engine: {
      namedBy: '/var/run/docker.sock',
      version: '20.10.24',
      api: '1.41',
      system: 'Debian GNU/Linux 12',
      python: '3.11.2',
    },
    available: 1,
    created: 3,
    destroyed: 2,
    runs: 9,
    resets: 8,
    run: took,
  });
}
