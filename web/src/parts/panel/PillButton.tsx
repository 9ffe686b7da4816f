import type { ReactNode } from 'react';
import styles from './PillButton.module.css';

interface PillButtonProps {
  readonly children: ReactNode;
  readonly icon?: ReactNode;
  readonly tone?: 'plain' | 'primary' | 'danger' | 'solid';
  readonly small?: boolean;
  readonly label?: string;
  readonly testId?: string;
  readonly expanded?: boolean;
  readonly onClick: () => void;
}

/** A button with words, as the panels have them. */
export function PillButton({
  children,
  icon,
  tone = 'plain',
  small,
  label,
  testId,
  expanded,
  onClick,
}: PillButtonProps) {
  return (
    <button
      type="button"
      className={styles.button}
      data-tone={tone}
      data-small={small || undefined}
      data-testid={testId}
      aria-label={label}
      aria-expanded={expanded}
      onClick={onClick}
    >
      {icon}
      {children}
    </button>
  );
}
