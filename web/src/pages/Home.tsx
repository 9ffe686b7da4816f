import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useState, type SubmitEvent } from 'react';
import { HomeArt } from '../parts/HomeArt';
import { ArrowIcon, CameraIcon } from '../parts/icons';
import { HomeRooms } from '../parts/HomeRooms';
import { InstallButton } from '../parts/InstallButton';
import { LectureIcon } from '../parts/meeting_icons';
import { PageHeader } from '../parts/PageHeader';
import { Themed } from '../parts/Themed';
import { account } from '../state/account/identity';
import { makeRoomCode, readRoomCode } from '../state/room_code';
import { navigate } from '../state/session';
import { useStore } from '../state/use_store';
import { signIn } from '../words/account';
import { home } from '../words/home';
import styles from './Home.module.css';

export default function Home() {
  return (
    <Themed>
      <div className={styles.page}>
        <PageHeader />
        <main className={styles.main}>
          <div className={styles.words}>
            <h1 className={styles.title}>
              <span>{home.title1}</span> <span>{home.title2}</span> <span>{home.title3}</span>
            </h1>
            <p className={styles.lead}>{home.lead}</p>
            <Ways />
          </div>
          <HomeArt />
        </main>
      </div>
    </Themed>
  );
}

function Ways() {
  const { state, user, guests } = useStore(account);
  if (state === 'known' && !user && !guests) {
    return (
      <div className={styles.ways} data-testid="home-closed">
        <p className={styles.note}>{home.guestsClosed}</p>
        <Button variant="contained" size="large" data-testid="home-login" onClick={() => navigate('/account')}>
          {signIn.logIn}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.ways}>
      <div className={styles.begin}>
        <Button
          variant="contained"
          size="large"
          startIcon={<CameraIcon />}
          data-testid="home-start"
          onClick={() => navigate(`/room/${makeRoomCode()}`)}
        >
          {home.start}
        </Button>
        <Button
          variant="outlined"
          size="large"
          startIcon={<LectureIcon />}
          data-testid="home-lecture"
          onClick={() => navigate(`/room/${makeRoomCode()}?lecture=1`)}
        >
          {home.lecture}
        </Button>
      </div>
      <JoinForm />
      <HomeRooms />
      <InstallButton />
    </div>
  );
}

function JoinForm() {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const code = readRoomCode(typed);
    if (code === undefined) setWrong(true);
    else navigate(`/room/${encodeURIComponent(code)}`);
  };
  return (
    <form className={styles.join} onSubmit={submit} noValidate>
      <TextField
        label={home.code}
        value={typed}
        error={wrong}
        helperText={wrong ? home.wrongCode : undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          setWrong(false);
        }}
        slotProps={{
          htmlInput: { 'data-testid': 'home-code', autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false },
        }}
      />
      <Button type="submit" size="large" data-testid="home-join" endIcon={<ArrowIcon size={20} />}>
        {home.join}
      </Button>
    </form>
  );
}
