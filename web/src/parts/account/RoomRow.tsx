import Button from '@mui/material/Button';
import { useState } from 'react';
import { leaveRoom, type MyRoom } from '../../state/account/my_rooms';
import { ago } from '../../state/account/when';
import { navigate } from '../../state/session';
import { rooms as words } from '../../words/account';
import { CheckIcon, DoorIcon, LinkIcon, SettingsIcon } from '../icons';
import { useCopyLink } from '../use_copy_link';
import { Card } from './Card';
import { RoomSettings } from './RoomSettings';
import styles from './RoomRow.module.css';
import { useNow } from './use_now';

/** One room: what it is, and what can be done with it. */
export function RoomRow({ room }: { readonly room: MyRoom }) {
  const [open, setOpen] = useState(false);
  const { copied, copy } = useCopyLink(room.name);
  const settingsId = `room-settings-${room.name}`;
  const mayRule = room.role !== 'participant';
  return (
    <div data-testid="room-row" data-room={room.name}>
      <Card>
        <div className={styles.row}>
          <span className={styles.icon}>
            <DoorIcon size={22} />
          </span>
          <div className={styles.what}>
            <p className={styles.name}>{room.name}</p>
            <p className={styles.detail}>{useRoomDetail(room)}</p>
          </div>
          <div className={styles.ways}>
            <Button
              variant="contained"
              aria-label={words.openNamed(room.name)}
              data-testid="room-open"
              onClick={() => navigate(`/room/${encodeURIComponent(room.name)}`)}
            >
              {words.open}
            </Button>
            <IconButton label={words.copyNamed(room.name)} onClick={() => void copy()} testId="room-copy">
              {copied ? <CheckIcon size={22} /> : <LinkIcon size={22} />}
            </IconButton>
            {!mayRule && (
              <Button
                data-testid="room-leave"
                aria-label={words.leaveNamed(room.name)}
                onClick={() => void leaveRoom(room.name)}
              >
                {words.leave}
              </Button>
            )}
            {mayRule && (
              <IconButton
                label={words.settingsNamed(room.name)}
                onClick={() => setOpen(!open)}
                testId="room-settings"
                expanded={open}
                controls={settingsId}
              >
                <SettingsIcon size={22} />
              </IconButton>
            )}
          </div>
        </div>
        {open && (
          <div id={settingsId} className={styles.settings}>
            <RoomSettings room={room} />
          </div>
        )}
      </Card>
    </div>
  );
}

/** "owner · waiting room · last used 3 days ago". */
function useRoomDetail(room: MyRoom): string {
  const now = useNow(0);
  const doors = [
    room.locked && words.isLocked,
    room.membersOnly && words.isMembersOnly,
    room.waitingRoom && words.hasWaitingRoom,
  ].filter((text) => text !== false);
  const used = room.lastUsed === undefined ? [] : [words.used(ago(room.lastUsed, now))];
  return [words[room.role], ...(doors.length > 0 ? doors : [words.openDoor]), ...used].join(' · ');
}

interface IconButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly testId: string;
  readonly expanded?: boolean;
  readonly controls?: string;
  readonly children: React.ReactNode;
}

function IconButton({ label, onClick, testId, expanded, controls, children }: IconButtonProps) {
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      aria-expanded={expanded}
      aria-controls={expanded ? controls : undefined}
      data-testid={testId}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
