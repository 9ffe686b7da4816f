import { useEffect, useState } from 'react';
import { DeviceSelects } from '../parts/DeviceSelects';
import { JoinCard } from '../parts/JoinCard';
import { later } from '../parts/later';
import { LobbyPreview } from '../parts/LobbyPreview';
import { PageHeader } from '../parts/PageHeader';
import { Themed } from '../parts/Themed';
import { WaitingCard } from '../parts/WaitingCard';
import { readPreferences } from '../state/preferences';
import { fetchRoomInfo } from '../state/room_info';
import type { Route } from '../state/route';
import { nameIn } from '../state/seat';
import { localMedia, noteRoomInfo, session } from '../state/session';
import { listenToShortcuts } from '../state/shortcuts';
import { useStore } from '../state/use_store';
import styles from './Lobby.module.css';

const LobbyAudience = later(() => import('../parts/lecture/LobbyAudience'));

type RoomRoute = Extract<Route, { page: 'room' }>;

/** How often to look who is there, in milliseconds. */
const kLookInterval = 5000;

export default function Lobby() {
  const { route } = useStore(session);
  if (route.page !== 'room') return null;
  return (
    <Themed>
      <LobbyOf key={route.room} route={route} />
    </Themed>
  );
}

function LobbyOf({ route }: { readonly route: RoomRoute }) {
  const media = localMedia();
  useRoomInfo(route.room);
  const { room, info, seat } = useStore(session);
  const watches = seat === 'audience';
  const given = route.token === undefined ? undefined : nameIn(route.token);
  const [name, setName] = useState(given ?? route.name ?? readPreferences().name ?? '');
  useEffect(() => (watches ? undefined : listenToShortcuts(media)), [media, watches]);
  return (
    <div className={styles.page}>
      <PageHeader />
      <main className={styles.main}>
        <div className={styles.preview}>
          {watches ? <LobbyAudience count={info?.audience ?? 0} /> : <LobbyPreview media={media} name={name} />}
        </div>
        <div className={styles.card}>
          {room ? (
            <WaitingCard room={room} />
          ) : (
            <JoinCard {...{ route, info, watches, name }} isGiven={given !== undefined} onName={setName} />
          )}
        </div>
        {!watches && (
          <div className={styles.devices}>
            <DeviceSelects media={media} idPrefix="lobby" />
          </div>
        )}
      </main>
    </div>
  );
}

// The first look is the session's own.
function useRoomInfo(room: string): void {
  useEffect(() => {
    const controller = new AbortController();
    const look = () => {
      void fetchRoomInfo(room, controller.signal).then((found) => {
        if (!controller.signal.aborted) noteRoomInfo(found);
      });
    };
    const timer = setInterval(look, kLookInterval);
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, [room]);
}
