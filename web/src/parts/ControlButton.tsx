import type { MouseEvent, ReactNode } from 'react';
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
  readonly tone?: 'plain' | 'off' | 'active' | 'danger' | undefined;
  /** As it is written on this computer, for example `Ctrl+D`. */
  readonly shortcut?: string | undefined;
  /** Something is wrong with it. */
  readonly badge?: boolean | undefined;
  readonly opensMenu?: boolean | undefined;
}

/** One round button of the room's bar. Plain HTML: a join does not wait for a component library. */
export function ControlButton(props: ControlButtonProps) {
  const { label, hint, icon, onClick, testId, pressed, tone = 'plain', shortcut, badge, opensMenu } = props;
  return (
    <button
      type="button"
      className={styles.button}
      data-tone={tone}
      data-hint={shortcut ? `${hint} (${shortcut})` : hint}
      data-testid={testId}
      aria-label={label}
      aria-pressed={pressed}
      aria-haspopup={opensMenu ? 'menu' : undefined}
      onClick={onClick}
    >
      {icon}
      {badge && <span className={styles.badge} aria-hidden="true" />}
    </button>
  );
}
