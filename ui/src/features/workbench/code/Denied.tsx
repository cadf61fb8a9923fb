// Why a program did not start: one sentence for each rule it would break, the reason, and links to
// the lines. Shown where the output or the results of the checks would be.

import { useTranslation } from 'react-i18next';
import type { CodeFinding } from '../../../bindings/CodeFinding';
import type { Language } from '../../../bindings/Language';
import { Notice } from '../../../components/Notice';
import styles from './Denied.module.css';
import { useReason } from './finding-words';

export interface DeniedProps {
  findings: readonly CodeFinding[];
  /** Of the lesson, and so of its author's words. */
  language: Language;
  /** Where there is a file to go to; without it there are no links. */
  onOpen?: (path: string, line: number) => void;
}

/** Links for one rule, at most: whoever mends the first ones knows what to look for. */
const MAX_LINKS = 5;

export function Denied({ findings, language, onOpen }: DeniedProps) {
  const { t } = useTranslation('workbench');
  const reason = useReason(language);
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return (
    <div className={styles.denied}>
      {rules.map((rule) => {
        const places = findings.filter((finding) => finding.rule === rule);
        const [first] = places;
        if (!first) return null;
        return (
          <Notice key={rule} kind="warn" title={t('code.denied', { name: first.name })}>
            <p>{reason(first)}</p>
            <p className={styles.places}>
              {linesOf(onOpen ? places : []).map(({ path, line }) => (
                <button
                  key={`${path}:${line}`}
                  type="button"
                  className={styles.link}
                  onClick={() => onOpen?.(path, line)}
                >
                  {t('code.place', { path, line })}
                </button>
              ))}
            </p>
          </Notice>
        );
      })}
    </div>
  );
}

function linesOf(places: readonly CodeFinding[]): CodeFinding[] {
  const same = (a: CodeFinding) => (b: CodeFinding) => a.path === b.path && a.line === b.line;
  return places.filter((place, at) => places.findIndex(same(place)) === at).slice(0, MAX_LINKS);
}
