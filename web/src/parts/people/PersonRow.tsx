import type { Room } from '@parley/client';
import { useState } from 'react';
import { later } from '../later';
import { clockText } from '../../state/duration';
import type { PersonView } from '../../state/people';
import { common } from '../../words/common';
import { tile as tileWords } from '../../words/room';
import { people as words } from '../../words/people';
import { ways } from '../../words/quality';
import { MicrophoneIcon, MicrophoneOffIcon } from '../icons';
import { HandIcon, MoreIcon } from '../meeting_icons';
import { Face } from './Face';
import styles from './PersonRow.module.css';

const PersonMenu = later(
  () => import('./PersonMenu'),
  ({ onClose }) => onClose(),
);

/** Someone in the list: who they are, how they stand, and what may be done. */
export function PersonRow({ person, room }: { readonly person: PersonView; readonly room: Room }) {
  const { sid, name, self, role, hand, muted, speaking, away } = person;
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <li
      className={styles.row}
      data-testid="person"
      data-sid={sid}
      data-name={name}
      data-role={role}
      data-hand={hand}
      data-away={away || undefined}
      data-way={person.way}
    >
      <Face name={name} />
      <span className={styles.words}>
        <strong title={name}>{self ? common.you(name) : name}</strong>
        <span className={styles.about}>{aboutOf(person)}</span>
        {person.way && <span className={styles.about}>{ways[person.way]}</span>}
      </span>
      {hand !== undefined && (
        <span className={styles.hand} role="img" aria-label={words.hand(hand)}>
          <HandIcon size={17} />
          {hand}
        </span>
      )}
      <span
        className={styles.microphone}
        data-muted={muted || undefined}
        data-speaking={speaking || undefined}
        role="img"
        aria-label={speaking ? words.speaking : muted ? tileWords.microphoneOff : tileWords.microphoneOn}
      >
        {muted ? <MicrophoneOffIcon size={19} /> : <MicrophoneIcon size={19} />}
      </span>
      <button
        type="button"
        className={styles.more}
        aria-label={words.more(name)}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        data-testid="person-more"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon size={20} />
      </button>
      {anchor && <PersonMenu person={person} room={room} anchor={anchor} onClose={() => setAnchor(null)} />}
    </li>
  );
}

function aboutOf({ role, program, sharing, spokeFor, away }: PersonView): string {
  const parts = [];
  if (program) parts.push(words.program);
  if (role !== 'participant') parts.push(words[role]);
  if (away) parts.push(tileWords.away);
  if (sharing) parts.push(words.sharing);
  if (spokeFor >= 1000) parts.push(words.spoke(clockText(spokeFor)));
  return parts.join(' · ');
}
