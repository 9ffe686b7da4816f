import Button from '@mui/material/Button';
import type { Room } from '@parley/client';
import { Logo } from '../parts/Logo';
import { endingOf } from '../state/ending';
import type { Route } from '../state/route';
import { navigate, rejoin, returnToLobby, type Session } from '../state/session';
import styles from './Left.module.css';

interface LeftProps {
  readonly route: Extract<Route, { page: 'room' }>;
  readonly room: Room;
  readonly ended: NonNullable<Session['ended']>;
}

export default function Left({ route, room, ended }: LeftProps) {
  const { title, text, again } = endingOf(ended, room.error);
  return (
    <main className={styles.page} data-testid="left">
      <Logo />
      <div className={styles.words} role="status">
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.text}>{text}</p>
      </div>
      <div className={styles.ways}>
        {again === 'rejoin' && (
          <Button variant="contained" size="large" data-testid="left-rejoin" onClick={() => rejoin(room)}>
            Rejoin {route.room}
          </Button>
        )}
        {again === 'lobby' && (
          <Button variant="contained" size="large" data-testid="left-lobby" onClick={returnToLobby}>
            Try again
          </Button>
        )}
        <Button size="large" data-testid="left-home" onClick={() => navigate('/')}>
          To the first page
        </Button>
      </div>
    </main>
  );
}
