import type { AudienceMember, Room } from '@parley/client';
import { attempt } from '../../state/hosting';
import { hostLecture as words, onStage } from '../../words/lecture';
import { Face } from '../people/Face';
import { IconButton } from '../panel/IconButton';
import { PillButton } from '../panel/PillButton';
import { CloseIcon, HandIcon } from '../meeting_icons';
import styles from './RaisedHands.module.css';

/** Who of the audience wants to speak, in the order of raising hands. */
export function RaisedHands({ room }: { readonly room: Room }) {
  const { hands = 0, raised = [] } = room.lecture.audience ?? {};
  if (hands === 0) {
    return (
      <p className={styles.none} data-testid="no-hands">
        <HandIcon size={19} />
        {words.noHands}
      </p>
    );
  }
  return (
    <section className={styles.hands} aria-label={words.hands(hands)} data-testid="raised-hands">
      <div className={styles.head}>
        <h3>{words.hands(hands)}</h3>
        {raised.length > 1 && (
          <PillButton small testId="lower-all" onClick={() => attempt(room.host.lowerAllHands())}>
            {words.lowerAll}
          </PillButton>
        )}
      </div>
      <ol className={styles.list}>
        {raised.map((person, index) => (
          <Row key={person.sid} person={person} place={index + 1} room={room} />
        ))}
      </ol>
      {hands > raised.length && <p className={styles.more}>{words.moreHands(hands - raised.length)}</p>}
    </section>
  );
}

interface RowProps {
  readonly person: AudienceMember;
  readonly place: number;
  readonly room: Room;
}

function Row({ person: { sid, name }, place, room: { host } }: RowProps) {
  return (
    <li className={styles.row} data-testid="raised-hand" data-sid={sid} data-name={name}>
      <span className={styles.place}>{place}</span>
      <Face name={name} />
      <strong className={styles.name} title={name}>
        {name}
      </strong>
      <IconButton label={words.lowerOne(name)} testId="hand-lower" onClick={() => attempt(host.lowerHand(sid))}>
        <CloseIcon size={20} />
      </IconButton>
      <PillButton
        small
        tone="solid"
        label={words.bringOne(name)}
        testId="hand-bring"
        onClick={() => attempt(host.stage(sid, true), onStage.came(name))}
      >
        {words.bringShort}
      </PillButton>
    </li>
  );
}
