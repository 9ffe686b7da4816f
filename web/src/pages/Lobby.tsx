import { useEffect, useState } from 'react';
import { DeviceSelects } from '../parts/DeviceSelects';
import { JoinCard } from '../parts/JoinCard';
import { LobbyPreview } from '../parts/LobbyPreview';
import { PageHeader } from '../parts/PageHeader';
import { Themed } from '../parts/Themed';
import { WaitingCard } from '../parts/WaitingCard';
import { fetchRoomInfo, type RoomInfo } from '../state/room_info';
import type { Route } from '../state/route';
import { localMedia, session } from '../state/session';
import { listenToShortcuts } from '../state/shortcuts';
import { useStore } from '../state/use_store';
import styles from './Lobby.module.css';

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
  const info = useRoomInfo(route.room);
  const { room } = useStore(session);
  useEffect(() => listenToShortcuts(media), [media]);
  return (
    <div className={styles.page}>
      <PageHeader />
      <main className={styles.main}>
        <div className={styles.preview}>
          <LobbyPreview media={media} />
        </div>
        <div className={styles.card}>{room ? <WaitingCard room={room} /> : <JoinCard route={route} info={info} />}</div>
        <div className={styles.devices}>
          <DeviceSelects media={media} idPrefix="lobby" />
        </div>
      </main>
    </div>
  );
}

function useRoomInfo(room: string): RoomInfo | undefined {
  const [info, setInfo] = useState<RoomInfo>();
  useEffect(() => {
    const controller = new AbortController();
    const look = () => {
      void fetchRoomInfo(room, controller.signal).then((found) => {
        if (!controller.signal.aborted) setInfo(found);
      });
    };
    look();
    const timer = setInterval(look, kLookInterval);
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, [room]);
  return info;
}
