// The lesson's files as tabs over the editor: real tabs (one tab stop, arrows move), the lesson's
// data marked as read only, and a field for a new file.

import { Lock, Plus } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/IconButton';
import styles from './FileTabs.module.css';
import type { FileEntry } from './work-files';

export interface FileTabsProps {
  entries: readonly FileEntry[];
  path: string;
  /** Id of the panel the tabs belong to. */
  panel: string;
  onOpen: (path: string) => void;
  onNew: () => void;
}

export function tabId(panel: string, path: string): string {
  return `${panel}-tab-${path}`;
}

export function FileTabs({ entries, path, panel, onOpen, onNew }: FileTabsProps) {
  const { t } = useTranslation('workbench');
  const row = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent) {
    const at = entries.findIndex((entry) => entry.path === path);
    const last = entries.length - 1;
    const targets: Record<string, number> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const next = entries[targets[event.key] ?? -1];
    if (!next) return;
    event.preventDefault();
    onOpen(next.path);
    document.getElementById(tabId(panel, next.path))?.focus();
  }

  return (
    <div className={styles.bar}>
      <div
        ref={row}
        className={styles.tabs}
        role="tablist"
        aria-label={t('files.label')}
        onKeyDown={onKeyDown}
      >
        {entries.map((entry) => {
          const shown = entry.path === path;
          const data = entry.origin === 'data';
          return (
            <button
              key={entry.path}
              id={tabId(panel, entry.path)}
              type="button"
              role="tab"
              className={styles.tab}
              aria-selected={shown}
              aria-controls={panel}
              aria-label={data ? t('files.readOnly', { path: entry.path }) : undefined}
              tabIndex={shown ? 0 : -1}
              onClick={() => onOpen(entry.path)}
            >
              {data && <Lock aria-hidden className={styles.lock} />}
              {entry.path}
            </button>
          );
        })}
      </div>
      <IconButton label={t('files.new')} onClick={onNew}>
        <Plus aria-hidden />
      </IconButton>
    </div>
  );
}
