import type { AudienceMember, Room } from '@parley/client';
import { useState } from 'react';
import { later } from '../later';
import { attempt } from '../../state/hosting';
import { audienceView } from '../../state/people';
import { hostLecture as words, onStage } from '../../words/lecture';
import { door, people as peopleWords } from '../../words/people';
import { stage } from '../../words/meeting';
import { tile } from '../../words/room';
import { HandIcon, MoreIcon } from '../meeting_icons';
import { Face } from '../people/Face';
import { PillButton } from '../panel/PillButton';
import styles from './AudienceRow.module.css';

const PersonMenu = later(
  () => import('../people/PersonMenu'),
  ({ onClose }) => onClose(),
);

/** How high a row is, in pixels; AudienceRow.module.css has the same. */
export const kAudienceRow = 52;

interface AudienceRowProps {
  readonly person: AudienceMember;
  /** Its place in the list from 0, and how many there are; -1: more than have been read. */
  readonly at: number;
  readonly of: number;
  readonly room: Room;
}

/** Someone of the audience, and for hosts what may be done. */
export function AudienceRow({ person, at, of, room }: AudienceRowProps) {
  const { sid, name, account, hand, away } = person;
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <li
      className={styles.row}
      style={{ transform: `translateY(${at * kAudienceRow}px)` }}
      aria-posinset={at + 1}
      aria-setsize={of}
      data-testid="audience-member"
      data-sid={sid}
      data-name={name}
      data-away={away || undefined}
    >
      <Face name={name} size={34} />
      <span className={styles.words}>
        <strong title={name}>{name}</strong>
        <span>{away ? tile.away : account ? door.account : door.guest}</span>
      </span>
      {hand !== null && (
        <span className={styles.hand} role="img" aria-label={stage.hand}>
          <HandIcon size={17} />
        </span>
      )}
      {room.isHost && (
        <>
          <PillButton
            small
            tone="primary"
            label={words.bringOne(name)}
            testId="audience-bring"
            onClick={() => attempt(room.host.stage(sid, true), onStage.came(name))}
          >
            {words.bringShort}
          </PillButton>
          <button
            type="button"
            className={styles.more}
            aria-label={peopleWords.more(name)}
            aria-haspopup="menu"
            aria-expanded={anchor !== null}
            data-testid="audience-more"
            onClick={(event) => setAnchor(event.currentTarget)}
          >
            <MoreIcon size={20} />
          </button>
        </>
      )}
      {anchor && (
        <PersonMenu person={audienceView(person)} room={room} anchor={anchor} onClose={() => setAnchor(null)} />
      )}
    </li>
  );
}
