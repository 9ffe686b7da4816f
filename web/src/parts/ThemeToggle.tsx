import { nextScheme, scheme, setScheme } from '../state/scheme';
import { useStore } from '../state/use_store';
import { theme } from '../words/common';
import { MoonIcon, SunIcon, SystemIcon } from './icons';
import styles from './ThemeToggle.module.css';

/** Goes round between the system's colours, light and dark. */
export function ThemeToggle() {
  const current = useStore(scheme);
  const Icon = current === 'light' ? SunIcon : current === 'dark' ? MoonIcon : SystemIcon;
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-label={theme[current]}
      data-hint={theme[current]}
      data-hint-side="below"
      data-testid="theme-toggle"
      onClick={() => setScheme(nextScheme(current))}
    >
      <Icon size={22} />
    </button>
  );
}
