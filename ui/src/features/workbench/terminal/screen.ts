// What the terminal needs of a screen. `xterm.ts` is the real one; tests bring one of their own.

export interface ScreenSize {
  rows: number;
  columns: number;
}

export interface ScreenEvents {
  /** Keys, and what is pasted, as a shell reads them. */
  typed: (text: string) => void;
  resized: (size: ScreenSize) => void;
}

export interface ScreenLook {
  fontSize: number;
  /** Of the whole screen, for screen readers. */
  label: string;
  /** Whether everything printed is also said to a screen reader. */
  spoken: boolean;
}

export interface Screen {
  readonly size: ScreenSize;
  /** Resolves once the text is drawn: whoever waits for it never floods the page. */
  write(text: string): Promise<void>;
  focus(): void;
  dispose(): void;
}

export type OpenScreen = (host: HTMLElement, look: ScreenLook, events: ScreenEvents) => Screen;
