import styles from './Logo.module.css';

/** The mark: a speech bubble that is a P, with a camera's lens for its eye. */
export function Mark({ size = 36 }: { readonly size?: number }) {
  return (
    <svg className={styles.mark} width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect className={styles.ground} width="32" height="32" rx="9" />
      <path
        className={styles.bubble}
        d="M9 26.5V14a7.5 7.5 0 1 1 7.5 7.5c-1.3 0-2.5-.3-3.5-.9v5.9c0 .9-1 1.4-1.7.9L9 26.5z"
      />
      <circle className={styles.lens} cx="16.5" cy="14" r="3.9" />
      <circle className={styles.light} cx="16.5" cy="14" r="1.9" />
    </svg>
  );
}

export function Logo() {
  return (
    <span className={styles.logo}>
      <Mark />
      <span className={styles.word}>Parley</span>
    </span>
  );
}
