import Dialog from '@mui/material/Dialog';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { kSettingsTabs, openSettings, type SettingsTab } from '../../state/dialogs';
import { localMedia } from '../../state/session';
import { settings as words } from '../../words/settings';
import { useIsNarrow } from '../use_is_narrow';
import { DevicesTab } from './DevicesTab';
import { DialogHead } from './DialogHead';
import { GeneralTab } from './GeneralTab';
import { MeetingTab } from './MeetingTab';
import styles from './SettingsDialog.module.css';

interface SettingsDialogProps {
  readonly tab: SettingsTab;
  readonly onClose: () => void;
}

/** Devices, meeting and general settings. What is changed holds at once: there is nothing to save. */
export function SettingsDialog({ tab, onClose }: SettingsDialogProps) {
  const narrow = useIsNarrow();
  return (
    <Dialog
      open
      fullScreen={narrow}
      onClose={onClose}
      aria-labelledby="settings-title"
      slotProps={{ paper: { className: styles.paper ?? '' } }}
      data-testid="settings"
    >
      <DialogHead id="settings-title" title={words.title} onClose={onClose} />
      <Tabs
        value={tab}
        aria-label={words.tabs}
        className={styles.tabs ?? ''}
        onChange={(_, chosen: SettingsTab) => openSettings(chosen)}
      >
        {kSettingsTabs.map((name) => (
          <Tab
            key={name}
            value={name}
            label={words[name]}
            id={`settings-tab-${name}`}
            aria-controls={`settings-panel-${name}`}
            data-testid={`settings-tab-${name}`}
          />
        ))}
      </Tabs>
      <div
        className={styles.panel}
        role="tabpanel"
        id={`settings-panel-${tab}`}
        aria-labelledby={`settings-tab-${tab}`}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- It scrolls: the keyboard must reach it.
        tabIndex={0}
      >
        {tab === 'devices' && <DevicesTab media={localMedia()} />}
        {tab === 'meeting' && <MeetingTab />}
        {tab === 'general' && <GeneralTab />}
      </div>
    </Dialog>
  );
}
