import { closeDialog, dialog } from '../state/dialogs';
import { useStore } from '../state/use_store';
import { SettingsDialog } from './settings/SettingsDialog';
import { ShortcutsDialog } from './settings/ShortcutsDialog';
import { Themed } from './Themed';

/** Whichever dialog lies over the page. Fetched when the first is opened. */
export default function Dialogs() {
  const shown = useStore(dialog);
  return (
    <Themed>
      {shown?.kind === 'settings' && <SettingsDialog tab={shown.tab} onClose={closeDialog} />}
      {shown?.kind === 'shortcuts' && <ShortcutsDialog onClose={closeDialog} />}
    </Themed>
  );
}
