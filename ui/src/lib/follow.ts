// Keeps the newest of what grows in view until the learner scrolls away from it, and again from the
// next turn on (a run, a question). Growth, virtual rows that find their height, and a pane that is
// resized all count.

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** How near to the end still counts as being there, in pixels. */
const NEAR = 24;
/** A scroll this soon after a wheel, a key or a press is the learner's; any other is the layout's. */
const BY_HAND_MS = 600;

/** What is followed; null while there is nothing, and the box stays where it is. */
type Turn = string | null;

export interface Follow {
  /** The learner reads further up. */
  away: boolean;
  onScroll: () => void;
  /** Goes on the scrolling box for wheel, keys and presses alike. */
  onGesture: () => void;
  toEnd: () => void;
}

export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  turn: Turn,
  version: number,
): Follow {
  const following = useRef(true);
  const gesture = useRef(Number.NEGATIVE_INFINITY);
  const [away, setAway] = useState(false);

  function toEnd() {
    const box = scroller.current;
    following.current = true;
    setAway(false);
    if (box) box.scrollTop = box.scrollHeight;
  }
  const newest = useRef(toEnd);
  useEffect(() => {
    newest.current = toEnd;
  });

  useEffect(() => {
    if (turn !== null) newest.current();
  }, [turn]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is more to see
  useLayoutEffect(() => {
    if (turn !== null && following.current) newest.current();
  }, [version]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the boxes are there from the first turn on
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (turn !== null && following.current) newest.current();
    });
    for (const box of [scroller.current, content.current]) if (box) watch.observe(box);
    return () => watch.disconnect();
  }, [turn === null, scroller, content]);

  return {
    away,
    toEnd,
    onGesture() {
      gesture.current = performance.now();
    },
    onScroll() {
      const box = scroller.current;
      if (!box) return;
      const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
      const byHand = performance.now() - gesture.current < BY_HAND_MS;
      if (near) following.current = true;
      else if (byHand) following.current = false;
      setAway(!following.current);
    },
  };
}
