// Tabs over panels. Arrow keys move between them; a panel that was shown stays mounted on request.
// Tabs that have no room in their row are in a menu behind it.

import { ChevronDown } from 'lucide-react';
import { Tabs as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './IconButton';
import { Menu } from './Menu';
import styles from './Tabs.module.css';
import { fitting, useRoom } from './use-fitting';

/** Of the button for those without a place, in pixels. */
const MENU_WIDTH = 32;

export interface Tab {
  id: string;
  label: string;
  /** A small count or mark after the label, for example `3/5`. */
  mark?: string | number;
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
  const { t } = useTranslation('common');
  const row = useRef<HTMLDivElement>(null);
  const room = useRoom(row, tabs.map(({ id }) => id).join());
  const chosen = tabs.findIndex(({ id }) => id === value);
  const fits = room && fitting(room, chosen, MENU_WIDTH);
  const rest = tabs.filter((_, at) => fits?.[at] === false);
  return (
    <Radix.Root className={styles.root} value={value} onValueChange={onChange}>
      <div className={styles.bar}>
        <div ref={row} className={styles.row}>
          <Radix.List className={styles.list} aria-label={label}>
            {tabs.map((tab) => (
              <Radix.Trigger
                key={tab.id}
                value={tab.id}
                className={styles.tab}
                {...(rest.includes(tab) && { 'data-outside': '' })}
              >
                {tab.label}
                {tab.mark !== undefined && <span className={styles.mark}>{tab.mark}</span>}
              </Radix.Trigger>
            ))}
          </Radix.List>
          {rest.length > 0 && (
            <Menu
              trigger={
                <IconButton label={t('moreTabs')}>
                  <ChevronDown aria-hidden />
                </IconButton>
              }
              items={rest.map((tab) => ({
                id: tab.id,
                label: [tab.label, tab.mark].filter((part) => part !== undefined).join(' '),
                onSelect: () => onChange(tab.id),
              }))}
            />
          )}
        </div>
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
