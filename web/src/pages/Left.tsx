import Button from '@mui/material/Button';
import type { Room } from '@parley/client';
import { DoctorLink } from '../parts/DoctorLink';
import { Logo } from '../parts/Logo';
import { Themed } from '../parts/Themed';
import { endingOf } from '../state/ending';
import { navigate, rejoin, returnToLobby, session, type Session } from '../state/session';
import { useStore } from '../state/use_store';
import { common } from '../words/common';
import { ending } from '../words/ending';
import styles from './Left.module.css';

export default function Left() {
  const { room, ended } = useStore(session);
  if (!room || !ended) return null;
  return (
    <Themed>
      <LeftOf room={room} ended={ended} />
    </Themed>
  );
}

function LeftOf({ room, ended }: { readonly room: Room; readonly ended: NonNullable<Session['ended']> }) {
  const { title, text, again } = endingOf(ended, room.error);
  const mayBeTheNetwork = ended === 'failed' && (room.error?.code === 'timeout' || room.error?.code === 'offline');
  return (
    <main className={styles.page} data-testid="left">
      <Logo />
      <div className={styles.words}>
        <h1 className={styles.title} aria-describedby="left-text">
          {title}
        </h1>
        <p className={styles.text} id="left-text">
          {text}
        </p>
      </div>
      {mayBeTheNetwork && <DoctorLink />}
      <div className={styles.ways}>
        {again === 'rejoin' && (
          <Button variant="contained" size="large" data-testid="left-rejoin" onClick={() => rejoin(room)}>
            {ending.rejoin(room.room)}
          </Button>
        )}
        {again === 'lobby' && (
          <Button variant="contained" size="large" data-testid="left-lobby" onClick={returnToLobby}>
            {common.tryAgain}
          </Button>
        )}
        <Button size="large" data-testid="left-home" onClick={() => navigate('/')}>
          {common.toFirstPage}
        </Button>
      </div>
    </main>
  );
}
