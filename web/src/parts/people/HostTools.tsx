import type { Room } from '@parley/client';
import { useState } from 'react';
import { attempt } from '../../state/hosting';
import { askToEnd } from '../../state/leaving';
import { hosting, people as words } from '../../words/people';
import { MicrophoneOffIcon, SettingsIcon } from '../icons';
import { PillButton } from '../panel/PillButton';
import styles from './HostTools.module.css';
import { RoomSettingsForm } from './RoomSettingsForm';

/** What hosts can do with everyone at once. */
export function HostTools({ room }: { readonly room: Room }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <div className={styles.tools}>
        <PillButton
          icon={<MicrophoneOffIcon size={19} />}
          testId="mute-all"
          onClick={() => attempt(room.host.muteAll('microphone'), words.mutedAll)}
        >
          {words.muteAll}
        </PillButton>
        <PillButton tone="danger" testId="end-for-all" onClick={() => askToEnd(room)}>
          {hosting.end}
        </PillButton>
      </div>
      <PillButton
        icon={<SettingsIcon size={19} />}
        testId="room-settings"
        expanded={open}
        onClick={() => setOpen(!open)}
      >
        {hosting.settings}
      </PillButton>
      {open && <RoomSettingsForm room={room} />}
    </>
  );
}
