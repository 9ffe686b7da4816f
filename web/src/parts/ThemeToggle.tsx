import { nextScheme, scheme, setScheme, type Scheme } from '../state/scheme';
import { useStore } from '../state/use_store';
import { MoonIcon, SunIcon, SystemIcon } from './icons';
import styles from './ThemeToggle.module.css';

const kText: Record<Scheme, string> = {
  system: 'Colours: as the system',
  light: 'Colours: light',
  dark: 'Colours: dark',
};

/** Goes round between the system's colours, light and dark. */
export function ThemeToggle() {
  const current = useStore(scheme);
  const Icon = current === 'light' ? SunIcon : current === 'dark' ? MoonIcon : SystemIcon;
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-label={kText[current]}
      data-hint={kText[current]}
      data-hint-side="below"
      data-testid="theme-toggle"
      onClick={() => setScheme(nextScheme(current))}
    >
      <Icon size={22} />
    </button>
  );
}
