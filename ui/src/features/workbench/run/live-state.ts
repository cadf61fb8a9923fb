// A value that changes faster than it needs to be drawn: whoever draws it hears at once about
// what must be seen at once, and once per frame about the rest.

export class LiveState<T> {
  private value: T;
  private frame: number | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(initial: T) {
    this.value = initial;
  }

  get = (): T => this.value;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Publishes now. */
  set(value: T): void {
    this.value = value;
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    for (const listener of this.listeners) listener();
  }

  /** Publishes with the next frame; `read` is asked then, so a burst costs one drawing. */
  soon(read: () => T): void {
    this.frame ??= requestAnimationFrame(() => this.set(read()));
  }
}
