import type { Room } from '@parley/client';
import { lazy, Suspense, useEffect } from 'react';
import { AudioOutput } from '../parts/AudioOutput';
import { Controls } from '../parts/Controls';
import { DeviceNotices } from '../parts/DeviceNotices';
import { Grid } from '../parts/Grid';
import { MeetingHeader } from '../parts/MeetingHeader';
import { Stage } from '../parts/Stage';
import { StatusBanner } from '../parts/StatusBanner';
import { Tile } from '../parts/Tile';
import { useIsNarrow } from '../parts/use_is_narrow';
import type { RoomView } from '../state/room_view';
import { session } from '../state/session';
import { listenToShortcuts } from '../state/shortcuts';
import { useRoomView, useStore } from '../state/use_store';
import { room as words } from '../words/room';
import styles from './Meeting.module.css';

const InviteCard = lazy(() => import('../parts/InviteCard'));

export default function Meeting() {
  const { room } = useStore(session);
  return room ? <MeetingOf room={room} /> : null;
}

function MeetingOf({ room }: { readonly room: Room }) {
  const view = useRoomView(room);
  useEffect(() => listenToShortcuts(room.media), [room]);
  return (
    <div className={styles.room} data-testid="room" data-state={view.state}>
      <h1 className="unseen">{words.heading(room.room)}</h1>
      <StatusBanner state={view.state} />
      <MeetingHeader room={room.room} people={view.people.length} />
      <div className={styles.notices}>
        <DeviceNotices media={room.media} dismissible />
      </div>
      <main className={styles.stage}>
        <Pictures view={view} room={room.room} />
      </main>
      {view.audio.map(({ id, track }) => (
        <AudioOutput key={id} track={track} />
      ))}
      <footer className={styles.footer}>
        <Controls media={room.media} room={room.room} />
      </footer>
    </div>
  );
}

function Pictures({ view, room }: { readonly view: RoomView; readonly room: string }) {
  const narrow = useIsNarrow();
  const [self, ...others] = view.people;
  if (view.screens.length > 0) return <Stage screens={view.screens} people={view.people} />;
  if (narrow && self && others.length === 1) {
    return (
      <>
        {others.map((tile) => (
          <Tile key={tile.id} tile={tile} />
        ))}
        <div className={styles.floating}>
          <Tile tile={self} />
        </div>
      </>
    );
  }
  return (
    <Grid>
      {view.people.map((tile) => (
        <Tile key={tile.id} tile={tile} />
      ))}
      {others.length === 0 && view.state === 'joined' && (
        <Suspense key="invite">
          <InviteCard room={room} />
        </Suspense>
      )}
    </Grid>
  );
}
