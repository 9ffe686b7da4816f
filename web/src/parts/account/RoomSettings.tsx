import Button from '@mui/material/Button';
import { useState } from 'react';
import { changeRoom, deleteRoom, kPermissions, type MyRoom } from '../../state/account/my_rooms';
import { roomSettings as words } from '../../words/account';
import { common } from '../../words/common';
import { SwitchRow } from '../panel/SwitchRow';
import formStyles from './Forms.module.css';
import { MembersList } from './MembersList';
import styles from './RoomSettings.module.css';

/** Who comes into a room, who belongs to it, and what they may do there. */
export function RoomSettings({ room }: { readonly room: MyRoom }) {
  return (
    <div className={styles.columns}>
      <div role="group" aria-label={words.door}>
        <h3 className={styles.heading}>{words.door}</h3>
        {(['locked', 'waitingRoom', 'membersOnly', 'lecture'] as const).map((name) => (
          <SwitchRow
            key={name}
            label={words[name]}
            text={words[`${name}Hint`]}
            on={room[name]}
            onChange={(on) => void changeRoom(room.name, { [name]: on })}
            testId={`room-${name}`}
          />
        ))}
      </div>
      <fieldset className={styles.group}>
        <legend className={styles.heading}>{words.may}</legend>
        {kPermissions.map((name) => (
          <label key={name} className={styles.check}>
            <input
              type="checkbox"
              checked={room.permissions[name]}
              data-testid={`room-may-${name}`}
              onChange={(event) =>
                void changeRoom(room.name, { permissions: { ...room.permissions, [name]: event.target.checked } })
              }
            />
            {words[name]}
          </label>
        ))}
        <p className={styles.hint}>{words.mayHint}</p>
      </fieldset>
      <div className={styles.wide}>
        <h3 className={styles.heading}>{words.members}</h3>
        <MembersList room={room.name} mayChange={room.role === 'owner'} />
      </div>
      {room.role === 'owner' && <Removal room={room.name} />}
    </div>
  );
}

// Asked for twice.
function Removal({ room }: { readonly room: string }) {
  const [sure, setSure] = useState(false);
  return (
    <div className={styles.wide}>
      {sure ? (
        <div role="alert">
          <p className={styles.hint}>{words.deleteText}</p>
          <div className={formStyles.ways}>
            <Button
              variant="contained"
              color="error"
              data-testid="room-delete-sure"
              onClick={() => void deleteRoom(room)}
            >
              {words.deleteSure(room)}
            </Button>
            <Button onClick={() => setSure(false)}>{common.cancel}</Button>
          </div>
        </div>
      ) : (
        <Button variant="outlined" color="error" data-testid="room-delete" onClick={() => setSure(true)}>
          {words.delete}
        </Button>
      )}
    </div>
  );
}
