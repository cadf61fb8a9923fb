// Says the name (and key) of what the pointer or the focus is on. Needs a TooltipProvider above.

import { Tooltip as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Keys } from './Keys';
import styles from './Tooltip.module.css';

export function TooltipProvider(props: { children: ReactNode }) {
  return <Radix.Provider delayDuration={400}>{props.children}</Radix.Provider>;
}

export interface TooltipProps {
  label: string;
  shortcut?: string;
  /** One element that takes a ref and pointer events. */
  children: ReactElement;
}

export function Tooltip({ label, shortcut, children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.content} sideOffset={6} collisionPadding={8}>
          {label}
          {shortcut && <Keys of={shortcut} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
