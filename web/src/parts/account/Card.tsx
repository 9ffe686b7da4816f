import type { ReactNode } from 'react';
import styles from './Card.module.css';

interface CardProps {
  readonly title?: string;
  readonly text?: string;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

/** One matter of the account's page. */
export function Card({ title, text, danger = false, children }: CardProps) {
  return (
    <section className={styles.card} data-danger={danger || undefined}>
      {title !== undefined && <h3 className={styles.title}>{title}</h3>}
      {text !== undefined && <p className={styles.text}>{text}</p>}
      <div className={styles.body}>{children}</div>
    </section>
  );
}
