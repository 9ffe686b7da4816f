import Button from '@mui/material/Button';
import { PageHeader } from '../parts/PageHeader';
import { Themed } from '../parts/Themed';
import { makeRoomCode, readRoomCode } from '../state/room_code';
import { navigate, session } from '../state/session';
import { useStore } from '../state/use_store';
import { common } from '../words/common';
import { home, lost as words } from '../words/home';
import styles from './Lost.module.css';

/** For an address that leads nowhere: says so, and leads on. */
export default function Lost() {
  const { route } = useStore(session);
  if (route.page !== 'lost') return null;
  const { roomName } = route;
  const meant = roomName === undefined ? undefined : readRoomCode(roomName);
  return (
    <Themed>
      <div className={styles.page}>
        <PageHeader />
        <main className={styles.main} data-testid="lost">
          <h1 className={styles.title}>{roomName === undefined ? words.title : words.roomTitle}</h1>
          <p className={styles.text}>{roomName === undefined ? words.text : words.roomText}</p>
          <div className={styles.ways}>
            {meant !== undefined && (
              <Button
                variant="contained"
                size="large"
                data-testid="lost-meant"
                onClick={() => navigate(`/room/${encodeURIComponent(meant)}`)}
              >
                {words.meant(meant)}
              </Button>
            )}
            <Button
              variant={meant === undefined ? 'contained' : 'outlined'}
              size="large"
              data-testid="lost-start"
              onClick={() => navigate(`/room/${makeRoomCode()}`)}
            >
              {home.start}
            </Button>
            <Button size="large" data-testid="lost-home" onClick={() => navigate('/')}>
              {common.toFirstPage}
            </Button>
          </div>
        </main>
      </div>
    </Themed>
  );
}
