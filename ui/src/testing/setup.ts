// What jsdom lacks and the page uses, the matchers, and the words; loaded before every test file.

import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';
import { startI18n } from '../lib/i18n';

class NoResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

/** Without a layout all is near. */
class AllIsNear {
  readonly #tell: IntersectionObserverCallback;
  constructor(tell: IntersectionObserverCallback) {
    this.#tell = tell;
  }
  observe(target: Element) {
    const entry = { isIntersecting: true, target } as IntersectionObserverEntry;
    this.#tell([entry], this as unknown as IntersectionObserver);
  }
  unobserve() {}
  disconnect() {}
}

// Without a layout everything stands at 0,0, where every click of a test is: the lines between the
// panes would take the focus each time. They stand elsewhere here.
const rectOf = Element.prototype.getBoundingClientRect;
Element.prototype.getBoundingClientRect = function getBoundingClientRect() {
  const away = this.getAttribute('role') === 'separator';
  return away ? new DOMRect(-1000, -1000, 0, 0) : rectOf.call(this);
};

globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, '\\$&') } as typeof CSS;
globalThis.ResizeObserver ??= NoResizeObserver;
globalThis.IntersectionObserver ??= AllIsNear as unknown as typeof IntersectionObserver;
Element.prototype.scrollIntoView ??= () => undefined;
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.releasePointerCapture ??= () => undefined;
window.matchMedia ??= (query: string) =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  }) as MediaQueryList;

beforeEach(() => startI18n('en'));
afterEach(cleanup);
