import type { MouseEvent, ReactNode } from 'react';
import { toast } from '../state/toasts';
import { told } from '../words/people';
import styles from './ControlButton.module.css';

interface ControlButtonProps {
  /** The name for a screen reader; stays the same whatever the state. */
  readonly label: string;
  /** What a click does now. */
  readonly hint: string;
  readonly icon: ReactNode;
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
  readonly testId: string;
  /** Undefined for a button that does something once. */
  readonly pressed?: boolean | undefined;
  readonly tone?: 'plain' | 'off' | 'active' | 'danger' | 'call' | 'bare' | 'chosen' | undefined;
  /** As it is written on this computer, for example `Ctrl+D`. */
  readonly shortcut?: string | undefined;
  /** Something is wrong with it. */
  readonly badge?: boolean | undefined;
  readonly opensMenu?: boolean | undefined;
  /** Whether what it opens is open. */
  readonly expanded?: boolean | undefined;
  /** A host has switched it off for us. */
  readonly forbidden?: boolean | undefined;
}

/** One round button of the room's bar. Plain HTML: a join does not wait for a component library. */
export function ControlButton(props: ControlButtonProps) {
  const {
    label,
    hint,
    icon,
    onClick,
    testId,
    pressed,
    tone = 'plain',
    shortcut,
    badge,
    opensMenu,
    expanded,
    forbidden,
  } = props;
  const does = forbidden ? told.mayNot : hint;
  return (
    <button
      type="button"
      className={styles.button}
      data-tone={tone}
      data-hint={shortcut && !forbidden ? `${does} (${shortcut})` : does}
      data-testid={testId}
      aria-label={label}
      aria-pressed={pressed}
      aria-haspopup={opensMenu ? 'menu' : undefined}
      aria-expanded={expanded}
      aria-disabled={forbidden || undefined}
      onClick={forbidden ? () => toast(told.mayNot) : onClick}
    >
      {icon}
      {badge && <span className={styles.badge} aria-hidden="true" />}
    </button>
  );
}
