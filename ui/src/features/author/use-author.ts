// What the *Author* place knows: the folder, the course in it, and the proof as it goes.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuthorCourse } from '../../bindings/AuthorCourse';
import type { CourseProblem } from '../../bindings/CourseProblem';
import type { LessonProof } from '../../bindings/LessonProof';
import type { ProofEvent } from '../../bindings/ProofEvent';
import { type ApiError, toApiError } from '../../lib/api-error';
import { usePlatform } from '../../platform/context';

/** The proof of a course. */
export interface Proof {
  state: 'running' | 'finished' | 'stopped';
  /** Of the course's files, from reading alone. */
  problems: CourseProblem[];
  /** Of the lessons put through so far, in order. */
  lessons: LessonProof[];
}

export interface Author {
  course: AuthorCourse | null;
  proof: Proof | null;
  error: ApiError | null;
  /** Something is asked of the core. */
  busy: boolean;
  open: (dir: string) => void;
  begin: (dir: string) => void;
  check: () => void;
  stop: () => void;
}

/** `first` is a folder to begin with; a new object opens it again. */
export function useAuthor(first: { dir: string } | null): Author {
  const platform = usePlatform();
  const [course, setCourse] = useState<AuthorCourse | null>(null);
  const [proof, setProof] = useState<Proof | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const job = useRef<string | null>(null);

  const stop = useCallback(() => {
    if (job.current) void platform.jobStop(job.current);
  }, [platform]);
  useEffect(() => stop, [stop]);

  const load = useCallback(
    (asked: Promise<AuthorCourse>) => {
      stop();
      setError(null);
      setBusy(true);
      asked
        .then(
          (found) => {
            setCourse(found);
            setProof(null);
          },
          (thrown) => setError(toApiError(thrown)),
        )
        .finally(() => setBusy(false));
    },
    [stop],
  );
  const open = useCallback((dir: string) => load(platform.authorOpen(dir)), [load, platform]);
  useEffect(() => {
    if (first !== null) open(first.dir);
  }, [first, open]);

  function hear(event: ProofEvent) {
    if (event.type === 'failed') {
      setError(toApiError(event.error));
      setProof((old) => old && { ...old, state: 'stopped' });
      return;
    }
    setProof((old) => old && after(old, event));
  }
  function check() {
    if (!course) return;
    stop();
    const jobId = crypto.randomUUID();
    job.current = jobId;
    setError(null);
    setProof({ state: 'running', problems: [], lessons: [] });
    platform
      .authorCheck(jobId, course.dir, (events) => {
        for (const event of events) if (job.current === jobId) hear(event);
      })
      .catch((thrown) => {
        setError(toApiError(thrown));
        setProof(null);
      });
  }

  return {
    course,
    proof,
    error,
    busy,
    open,
    begin: (dir) => load(platform.authorNew(dir)),
    check,
    stop,
  };
}

function after(proof: Proof, event: Exclude<ProofEvent, { type: 'failed' }>): Proof {
  if (event.type === 'read') return { ...proof, problems: event.problems };
  if (event.type === 'lesson') return { ...proof, lessons: [...proof.lessons, event.proof] };
  return { ...proof, state: event.type };
}
