// Work that may wait until what changed is on the screen.

/** Resolves after the next frame was painted, in the order of the calls. */
export function afterPaint(): Promise<void> {
  return new Promise((resolve) => {
    // The callback of a frame runs before its painting, a task that it starts runs after it.
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
