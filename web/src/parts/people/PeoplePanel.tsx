import type { Room } from '@parley/client';
import { peopleOf } from '../../state/people';
import { useRoomView } from '../../state/use_store';
import { people as words } from '../../words/people';
import { useClock } from '../use_clock';
import { LecturePanel } from '../lecture/LecturePanel';
import { Door } from './Door';
import { HostTools } from './HostTools';
import styles from './PeoplePanel.module.css';
import { PersonRow } from './PersonRow';
import { InviteButton } from './InviteButton';

/** Who is here, who waits, and what hosts can do about it. */
export default function PeoplePanel({ room }: { readonly room: Room }) {
  useRoomView(room); // Drawn anew with each change of the room ...
  useClock(); // ... and each second, for how long people have spoken.
  return (
    <div className={styles.panel} data-testid="people-panel" data-scrolls>
      {room.isHost && <Door room={room} />}
      <div className={styles.top}>
        <InviteButton room={room.room} />
        {room.isHost && <HostTools room={room} />}
      </div>
      {room.lecture.on ? <LecturePanel room={room} /> : <Everybody room={room} />}
    </div>
  );
}

function Everybody({ room }: { readonly room: Room }) {
  const people = peopleOf(room);
  return (
    <>
      <h3 className={styles.title}>{words.here(people.length)}</h3>
      <ul className={styles.list}>
        {people.map((person) => (
          <PersonRow key={person.sid} person={person} room={room} />
        ))}
      </ul>
    </>
  );
}
