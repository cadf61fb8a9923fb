// Numbers and times as the learner's language writes them. The locale is always given: the web
// view's own may be "C", which Intl refuses.

import type { Language } from '../../bindings/Language';

const LOCALE: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

/** `1.3 ms`, `240 ms`, `2.4 s`. */
export function durationText(ms: number, language: Language): string {
  if (ms >= 999.5) return secondsText(ms, language);
  const number = new Intl.NumberFormat(LOCALE[language], {
    maximumFractionDigits: ms < 10 ? 1 : 0,
  }).format(ms);
  return language === 'zh' ? `${number} 毫秒` : `${number} ms`;
}

/** `0.4 s`: of something that still goes on, so that the digits do not jump about. */
export function secondsText(ms: number, language: Language): string {
  const number = new Intl.NumberFormat(LOCALE[language], {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(ms / 1000);
  return language === 'zh' ? `${number} 秒` : `${number} s`;
}

/** `1 MB`: the caps are powers of two, and nobody learns anything from "MiB". */
export function sizeText(bytes: number, language: Language): string {
  const [value, unit] = bytes >= 1024 * 1024 ? [bytes / 1024 / 1024, 'MB'] : [bytes / 1024, 'KB'];
  return `${new Intl.NumberFormat(LOCALE[language], { maximumFractionDigits: 1 }).format(value)} ${unit}`;
}

/** Time of day, with the day when it is not today's. */
export function timeText(at: number, now: number, language: Language): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(LOCALE[language], {
    ...(!sameDay && { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

export function engineText(engine: string): string {
  return engine === 'docker' ? 'Docker' : engine.toUpperCase();
}
