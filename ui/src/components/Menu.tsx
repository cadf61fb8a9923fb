// A button that opens a short list of actions.

import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Keys } from './Keys';
import styles from './Menu.module.css';

export interface MenuItem {
  id: string;
  label: string;
  icon?: ReactNode;
  shortcut?: string;
  disabled?: boolean;
  /** Steps to the right, for lists that have levels. */
  indent?: number;
  onSelect: () => void;
}

export function Menu(props: { trigger: ReactElement; items: MenuItem[] }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.content} align="end" sideOffset={4} collisionPadding={8}>
          {props.items.map((item) => (
            <Radix.Item
              key={item.id}
              className={styles.item}
              disabled={item.disabled}
              style={item.indent ? { paddingLeft: `${8 + item.indent * 16}px` } : undefined}
              onSelect={item.onSelect}
            >
              {item.icon}
              <span className={styles.label}>{item.label}</span>
              {item.shortcut && <Keys of={item.shortcut} />}
            </Radix.Item>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
