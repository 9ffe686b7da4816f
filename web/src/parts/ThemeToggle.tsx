import IconButton from '@mui/material/IconButton';
import Tooltip from '@mui/material/Tooltip';
import { nextScheme, scheme, setScheme, type Scheme } from '../state/scheme';
import { useStore } from '../state/use_store';
import { MoonIcon, SunIcon, SystemIcon } from './icons';

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
    <Tooltip title={kText[current]}>
      <IconButton
        aria-label={kText[current]}
        data-testid="theme-toggle"
        onClick={() => setScheme(nextScheme(current))}
        sx={{ color: 'var(--ink-soft)', width: 44, height: 44 }}
      >
        <Icon size={22} />
      </IconButton>
    </Tooltip>
  );
}
