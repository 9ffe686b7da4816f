import type { ReactNode } from 'react';
import styles from './IconButton.module.css';

interface IconButtonProps {
  readonly label: string;
  readonly testId?: string;
  readonly onClick?: () => void;
  readonly type?: 'button' | 'submit';
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly tone?: 'plain' | 'primary' | 'danger';
  readonly children: ReactNode;
}

/** A small round button that is a picture alone. */
export function IconButton({ label, testId, type = 'button', pressed, tone = 'plain', ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      className={styles.button}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      data-tone={tone}
      data-testid={testId}
      {...rest}
    />
  );
}
