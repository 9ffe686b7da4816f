import IconButton from '@mui/material/IconButton';
import Tooltip from '@mui/material/Tooltip';
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
  readonly shortcut?: string | undefined;
  readonly badge?: boolean | undefined;
  readonly opensMenu?: boolean | undefined;
}

/** One round button of the room's bar. */
export function ControlButton(props: ControlButtonProps) {
  const { label, hint, icon, onClick, testId, pressed, tone = 'plain', shortcut, badge, opensMenu } = props;
  return (
    <Tooltip title={shortcut ? `${hint} (${shortcut})` : hint}>
      <IconButton
        className={styles.button}
        data-tone={tone}
        data-testid={testId}
        aria-label={label}
        aria-pressed={pressed}
        aria-haspopup={opensMenu ? 'menu' : undefined}
        onClick={onClick}
      >
        {icon}
        {badge && <span className={styles.badge} aria-hidden="true" />}
      </IconButton>
    </Tooltip>
  );
}
