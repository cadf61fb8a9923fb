// Tabs over panels. Arrow keys move between them; a panel that was shown stays mounted on request.

import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './Tabs.module.css';

export interface Tab {
  id: string;
  label: string;
  /** A small count or mark after the label, for example `3/5`. */
  mark?: ReactNode;
  content: ReactNode;
  /** Keeps the panel in the page while another is shown (its scroll position with it). */
  keep?: boolean;
  /** The content takes the focus itself, so its panel is no stop of its own. */
  ownFocus?: boolean;
}

export interface TabsProps {
  /** Name of the row for screen readers. */
  label: string;
  tabs: Tab[];
  value: string;
  onChange: (id: string) => void;
  /** Controls at the end of the row. */
  end?: ReactNode;
}

export function Tabs({ label, tabs, value, onChange, end }: TabsProps) {
  return (
    <Radix.Root className={styles.root} value={value} onValueChange={onChange}>
      <div className={styles.bar}>
        <Radix.List className={styles.list} aria-label={label}>
          {tabs.map((tab) => (
            <Radix.Trigger key={tab.id} value={tab.id} className={styles.tab}>
              {tab.label}
              {tab.mark !== undefined && <span className={styles.mark}>{tab.mark}</span>}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {end && <div className={styles.end}>{end}</div>}
      </div>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.id}
          value={tab.id}
          className={styles.panel}
          {...(tab.keep && { forceMount: true })}
          {...(tab.ownFocus && { tabIndex: -1 })}
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
