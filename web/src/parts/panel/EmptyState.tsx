import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

interface EmptyStateProps {
  readonly art: ReactNode;
  readonly title: string;
  readonly text: string;
}

/** What a list shows that has nothing in it yet: what it is for. */
export function EmptyState({ art, title, text }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {art}
      <p className={styles.title}>{title}</p>
      <p className={styles.text}>{text}</p>
    </div>
  );
}
