import type { Room } from '@parley/client';
import { useEffect, useState } from 'react';
import { clockText } from '../state/duration';
import { focusNewPage } from '../state/page_focus';
import { stopWaiting } from '../state/session';
import { useRoomView } from '../state/use_store';
import { waiting as words } from '../words/meeting';
import { DoctorLink } from './DoctorLink';
import { PillButton } from './panel/PillButton';
import { useClock } from './use_clock';
import styles from './WaitingCard.module.css';

/** A server that is there has answered by then, in milliseconds. */
const kLate = 5000;

/** Before the door: one has knocked, or is about to be in. */
export function WaitingCard({ room }: { readonly room: Room }) {
  const { state } = useRoomView(room);
  const waits = state === 'waiting';
  useEffect(() => focusNewPage(), []); // The button that led here is gone.
  return (
    <div className={styles.card} data-testid="waiting" data-state={state}>
      <span className={styles.door} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <div role="status">
        <h1 className={styles.title}>{waits ? words.title : words.joining}</h1>
        {waits ? <p className={styles.text}>{words.text(room.room)}</p> : <Late />}
      </div>
      {waits ? <Since /> : <DoctorLink />}
      <PillButton testId="waiting-cancel" onClick={stopWaiting}>
        {words.cancel}
      </PillButton>
    </div>
  );
}

function Late() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), kLate);
    return () => clearTimeout(timer);
  }, []);
  return (
    late && (
      <p className={styles.text} data-testid="waiting-late">
        {words.late}
      </p>
    )
  );
}

function Since() {
  const [start] = useState(Date.now);
  return <p className={styles.since}>{words.since(clockText(useClock() - start))}</p>;
}
