import type { Room } from '@parley/client';
import { peopleOf } from '../../state/people';
import { lecture as words } from '../../words/lecture';
import { EyeIcon } from '../meeting_icons';
import { PersonRow } from '../people/PersonRow';
import { AudienceSection } from './AudienceSection';
import styles from './LecturePanel.module.css';
import { RaisedHands } from './RaisedHands';

/** Who is on stage, and who watches: the audience as a number, and to who is on stage as a list to read in. */
export function LecturePanel({ room }: { readonly room: Room }) {
  const { onStage, audience } = room.lecture;
  const people = peopleOf(room).filter(({ self }) => onStage || !self);
  return (
    <>
      {room.isHost && <RaisedHands room={room} />}
      <h3 className={styles.title}>{words.stage(people.length)}</h3>
      <ul className={styles.list} data-testid="on-stage">
        {people.map((person) => (
          <PersonRow key={person.sid} person={person} room={room} />
        ))}
      </ul>
      {onStage ? (
        <AudienceSection room={room} />
      ) : (
        <p className={styles.watching} data-testid="watching">
          <EyeIcon size={19} />
          {words.watching(audience?.count ?? 0)}
        </p>
      )}
    </>
  );
}
