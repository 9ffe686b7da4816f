import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useState, type SubmitEvent } from 'react';
import { HomeArt } from '../parts/HomeArt';
import { ArrowIcon, CameraIcon } from '../parts/icons';
import { Logo } from '../parts/Logo';
import { Themed } from '../parts/Themed';
import { ThemeToggle } from '../parts/ThemeToggle';
import { makeRoomCode, readRoomCode } from '../state/room_code';
import { navigate } from '../state/session';
import styles from './Home.module.css';

export default function Home() {
  return (
    <Themed>
      <div className={styles.page}>
        <header className={styles.header}>
          <Logo />
          <ThemeToggle />
        </header>
        <main className={styles.main}>
          <div className={styles.words}>
            <h1 className={styles.title}>
              <span>Talk face to face,</span> <span>on a server</span> <span>of your own.</span>
            </h1>
            <p className={styles.lead}>
              Open a room, send its link, and you are in the call. No account, nothing to install, and nobody in
              between.
            </p>
            <div className={styles.ways}>
              <Button
                variant="contained"
                size="large"
                startIcon={<CameraIcon />}
                data-testid="home-start"
                onClick={() => navigate(`/room/${makeRoomCode()}`)}
              >
                Start a meeting
              </Button>
              <JoinForm />
            </div>
          </div>
          <HomeArt />
        </main>
      </div>
    </Themed>
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
        label="Code or link"
        value={typed}
        error={wrong}
        helperText={
          wrong ? 'That is neither a code nor a link: letters, digits, dots and dashes make a code.' : undefined
        }
        onChange={(event) => {
          setTyped(event.target.value);
          setWrong(false);
        }}
        slotProps={{
          htmlInput: { 'data-testid': 'home-code', autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false },
        }}
      />
      <Button type="submit" size="large" data-testid="home-join" endIcon={<ArrowIcon size={20} />}>
        Join
      </Button>
    </form>
  );
}
