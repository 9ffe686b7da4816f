import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { fitName } from '../state/names';
import { whoIsThere, type RoomInfo } from '../state/room_info';
import type { Route } from '../state/route';
import { enterFromLobby } from '../state/session';
import { lectureLobby } from '../words/lecture';
import { lobby } from '../words/lobby';
import { Avatar } from './Avatar';
import { DoctorLink } from './DoctorLink';
import styles from './JoinCard.module.css';

interface JoinCardProps {
  readonly route: Extract<Route, { page: 'room' }>;
  readonly info: RoomInfo | undefined;
  /** We would be in the audience of a lecture. */
  readonly watches: boolean;
  /** What is typed so far. */
  readonly name: string;
  /** The name comes with the invitation, and stays as it is. */
  readonly isGiven: boolean;
  readonly onName: (name: string) => void;
}

/** Who is there, and under which name to go in. */
export function JoinCard({ route, info, watches, name, isGiven, onName }: JoinCardProps) {
  // Who comes first with such an address holds a lecture; so does a host.
  const gives = info !== undefined && !watches && (info.lecture || (route.lecture && info.names.length === 0));
  const field = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    if (field.current?.value === '') field.current.focus({ preventScroll: true });
  }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') return void enterFromLobby(route.room, name.trim(), route.topology);
    setMissing(true);
    field.current?.focus();
  };
  return (
    <form className={styles.card} onSubmit={submit} noValidate>
      <p className={styles.eyebrow}>{eyebrowOf(gives, watches)}</p>
      <h1 className={styles.room}>{route.room}</h1>
      <Presence info={info} watches={watches} />
      <TextField
        fullWidth
        label={lobby.name}
        value={name}
        error={missing}
        helperText={missing ? lobby.nameMissing : isGiven ? lobby.nameGiven : watches ? lectureLobby.name : undefined}
        onChange={(event) => {
          onName(fitName(event.target.value));
          setMissing(false);
        }}
        inputRef={field}
        slotProps={{
          htmlInput: { 'data-testid': 'lobby-name', autoComplete: 'name', readOnly: isGiven },
          formHelperText: { role: missing ? 'alert' : undefined },
        }}
      />
      <Button type="submit" variant="contained" size="large" fullWidth data-testid="lobby-join">
        {watches ? lectureLobby.join : gives ? lectureLobby.begin : lobby.join}
      </Button>
      <p className={styles.doctor}>
        <DoctorLink />
      </p>
    </form>
  );
}

function eyebrowOf(gives: boolean, watches: boolean): string {
  if (watches) return lectureLobby.watch;
  return gives ? lectureLobby.give : lobby.aboutToJoin;
}

function Presence({ info, watches }: Pick<JoinCardProps, 'info' | 'watches'>) {
  const names = info?.names;
  return (
    <div className={styles.presence} data-testid="lobby-presence">
      {names && names.length > 0 && (
        <span className={styles.faces}>
          {names.slice(0, 4).map((name, index) => (
            <span key={index} className={styles.face}>
              <Avatar name={name} />
            </span>
          ))}
        </span>
      )}
      <p>{info ? whoIsThere(watches ? { ...info, audience: 0 } : info) : '\u00a0'}</p>
    </div>
  );
}
