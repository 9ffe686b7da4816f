import type { Permissions, Room } from '@parley/client';
import { attempt } from '../../state/hosting';
import { setLecture } from '../../state/lecture/set_lecture';
import { kPermitted } from '../../state/person_deeds';
import { hostLecture } from '../../words/lecture';
import { hosting as words } from '../../words/people';
import { SwitchRow } from '../panel/SwitchRow';
import styles from './RoomSettingsForm.module.css';

/** Who comes in, and what participants may do. Each switch is in force at once. */
export function RoomSettingsForm({ room }: { readonly room: Room }) {
  const { settings, host, kept } = room;
  const permit = (name: keyof Permissions) => (on: boolean) =>
    attempt(host.change({ permissions: { ...settings.permissions, [name]: on } }));
  return (
    <div className={styles.form} role="group" aria-label={words.settings} data-testid="room-settings-form">
      <SwitchRow
        label={hostLecture.setting}
        text={hostLecture.settingText}
        on={settings.lecture}
        testId="setting-lecture"
        onChange={(on) => setLecture(room, on)}
      />
      <SwitchRow
        label={words.locked}
        text={words.lockedText}
        on={settings.locked}
        testId="setting-locked"
        onChange={(locked) => attempt(host.change({ locked }))}
      />
      <SwitchRow
        label={words.waitingRoom}
        text={words.waitingRoomText}
        on={settings.waitingRoom}
        testId="setting-waiting-room"
        onChange={(waitingRoom) => attempt(host.change({ waitingRoom }))}
      />
      {(kept || settings.membersOnly) && (
        <SwitchRow
          label={words.membersOnly}
          text={words.membersOnlyText}
          on={settings.membersOnly}
          testId="setting-members-only"
          onChange={(membersOnly) => attempt(host.change({ membersOnly }))}
        />
      )}
      <div role="group" aria-labelledby="settings-may">
        <h3 className={styles.title} id="settings-may">
          {words.may}
        </h3>
        {kPermitted.map((name) => (
          <SwitchRow
            key={name}
            label={words[name]}
            on={settings.permissions[name]}
            testId={`setting-${name}`}
            onChange={permit(name)}
          />
        ))}
      </div>
    </div>
  );
}
