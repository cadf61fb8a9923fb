// A recording as it goes: what the program prints, how it ended, where the replies were written.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { RecordEvent } from '../../bindings/RecordEvent';
import type { RunOutcome } from '../../bindings/RunOutcome';
import { type ApiError, toApiError } from '../../lib/api-error';
import { setRecording } from '../../lib/recording';
import { usePlatform } from '../../platform/context';

/** Of the output the end is kept: it is there to see that the program does what it should. */
const MOST_OUTPUT = 20_000;

export interface Recording {
  isGoing: boolean;
  output: string;
  end: { outcome: RunOutcome; path: string | null } | null;
  error: ApiError | null;
  start: (dir: string, lesson: string) => void;
  stop: () => void;
}

const NOTHING = { isGoing: false, output: '', end: null, error: null };

export function useRecord(): Recording {
  const platform = usePlatform();
  const [state, setState] = useState<Omit<Recording, 'start' | 'stop'>>(NOTHING);
  const job = useRef<string | null>(null);
  const stop = useCallback(() => {
    if (job.current) platform.jobStop(job.current).catch(() => undefined);
  }, [platform]);
  useEffect(() => {
    return () => {
      stop();
      job.current = null;
      setRecording(false);
    };
  }, [stop]);

  function hear(event: RecordEvent) {
    if (event.type === 'output') {
      setState((old) => ({ ...old, output: (old.output + event.text).slice(-MOST_OUTPUT) }));
      return;
    }
    setRecording(false);
    setState((old) => ({
      ...old,
      isGoing: false,
      end: event.type === 'finished' ? event : null,
      error: event.type === 'failed' ? toApiError(event.error) : null,
    }));
  }

  function start(dir: string, lesson: string) {
    const jobId = crypto.randomUUID();
    job.current = jobId;
    setState({ ...NOTHING, isGoing: true });
    setRecording(true);
    platform
      .authorRecord(jobId, dir, lesson, (events) => {
        for (const event of events) if (job.current === jobId) hear(event);
      })
      .catch((thrown) => {
        if (job.current === jobId) hear({ type: 'failed', error: toApiError(thrown) });
      });
  }

  return { ...state, start, stop };
}
