import type { MouseEvent } from 'react';
import { navigate } from '../state/session';
import { common } from '../words/common';
import { AccountChip } from './account/AccountChip';
import { Logo } from './Logo';
import styles from './PageHeader.module.css';
import { ThemeToggle } from './ThemeToggle';

/** The top of every page but the meeting: the way home, who is logged in, the colours. */
export function PageHeader() {
  const goHome = (event: MouseEvent) => {
    event.preventDefault();
    navigate('/');
  };
  return (
    <header className={styles.header}>
      <a className={styles.home} href="/" aria-label={common.logoHome} onClick={goHome}>
        <Logo />
      </a>
      <span className={styles.right}>
        <AccountChip />
        <ThemeToggle />
      </span>
    </header>
  );
}
