// The words of the window: one JSON file per area and language, typed keys, no detection.
// The language comes from the shell (`Boot.systemLanguage` or the settings), never from the web
// view: `navigator.language` is "C" on a bare Linux and makes Intl throw.

import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../bindings/Language';
import type { Words } from '../bindings/Words';
import enAuthor from '../locales/en/author.json';
import enCommon from '../locales/en/common.json';
import enCourses from '../locales/en/courses.json';
import enErrors from '../locales/en/errors.json';
import enHome from '../locales/en/home.json';
import enLesson from '../locales/en/lesson.json';
import enSettings from '../locales/en/settings.json';
import enTutor from '../locales/en/tutor.json';
import enWorkbench from '../locales/en/workbench.json';
import zhAuthor from '../locales/zh/author.json';
import zhCommon from '../locales/zh/common.json';
import zhCourses from '../locales/zh/courses.json';
import zhErrors from '../locales/zh/errors.json';
import zhHome from '../locales/zh/home.json';
import zhLesson from '../locales/zh/lesson.json';
import zhSettings from '../locales/zh/settings.json';
import zhTutor from '../locales/zh/tutor.json';
import zhWorkbench from '../locales/zh/workbench.json';

const en = {
  common: enCommon,
  author: enAuthor,
  courses: enCourses,
  home: enHome,
  lesson: enLesson,
  settings: enSettings,
  errors: enErrors,
  tutor: enTutor,
  workbench: enWorkbench,
};
const zh = {
  common: zhCommon,
  author: zhAuthor,
  courses: zhCourses,
  home: zhHome,
  lesson: zhLesson,
  settings: zhSettings,
  errors: zhErrors,
  tutor: zhTutor,
  workbench: zhWorkbench,
};

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof en;
  }
}

type Leaves<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}`;
}[keyof T & string];

/** A key with its area, for words that are chosen in one place and said in another. */
export type AnyKey = { [N in keyof typeof en]: `${N}:${Leaves<(typeof en)[N]>}` }[keyof typeof en];

/** Sets the words up; both languages are in the page, so nothing is waited for. */
export function startI18n(language: Language): void {
  if (i18next.isInitialized) {
    speak(language);
    return;
  }
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: ['zh', 'en'],
    ns: Object.keys(en),
    defaultNS: 'common',
    resources: { en, zh },
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = htmlLanguage(language);
}

/** Changes the language of the window. */
export function speak(language: Language): void {
  void i18next.changeLanguage(language);
  document.documentElement.lang = htmlLanguage(language);
}

/** The window's language now. */
export function spokenLanguage(): Language {
  return i18next.language === 'zh' ? 'zh' : 'en';
}

/** A key said in a given language, whatever the window speaks; the palette searches both. */
export function say(key: AnyKey, language: Language): string {
  return i18next.getFixedT(language)(key as never) as string;
}

/** Words of a course in one language. */
export function pick(words: Words, language: Language): string {
  return words[language];
}

/** What stands in both, in the window's language. */
export function told(words: Words): string {
  return pick(words, spokenLanguage());
}

/** The value of a `lang` attribute; it decides which Chinese glyphs the web view takes. */
export function htmlLanguage(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en';
}

// While developing, a changed word takes the place of the old one without a reload of the page.
if (import.meta.hot && i18next.isInitialized) {
  for (const [language, areas] of Object.entries({ en, zh })) {
    for (const [area, words] of Object.entries(areas)) {
      i18next.addResourceBundle(language, area, words, true, true);
    }
  }
  void i18next.changeLanguage(i18next.language);
}
import.meta.hot?.accept();
