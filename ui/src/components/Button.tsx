// The one button with words. `primary` is for the one thing a place is about.

import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import styles from './Button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = 'plain', icon, className, children, ...rest }: ButtonProps) {
  const names = [styles.button, styles[kind], className].filter(Boolean).join(' ');
  return (
    <button type="button" className={names} {...rest}>
      {icon}
      {children}
    </button>
  );
}
