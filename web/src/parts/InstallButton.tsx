import Button from '@mui/material/Button';
import { canInstall, install } from '../state/install';
import { useStore } from '../state/use_store';
import { pwa } from '../words/pwa';
import { InstallIcon } from './icons';

/** Puts Parley among the computer's or phone's apps, where the browser offers to. */
export function InstallButton() {
  if (!useStore(canInstall)) return null;
  return (
    <Button startIcon={<InstallIcon size={20} />} data-testid="install" onClick={() => void install()}>
      {pwa.install}
    </Button>
  );
}
