import type { Room } from '@parley/client';
import { clockText } from '../../state/duration';
import type { RoomView } from '../../state/room_view';
import { stage as words } from '../../words/meeting';
import { useClock } from '../use_clock';
import styles from './SpeakerChip.module.css';

/** Who speaks now, and for how long. */
export function SpeakerChip({ room, view }: { readonly room: Room; readonly view: RoomView }) {
  useClock();
  const speaker = view.people.find(({ id, speaking }) => speaking && id === view.speaker);
  if (!speaker) return null;
  const since = room.participants.get(speaker.sid)?.speakingFor ?? 0;
  return (
    <span className={styles.chip} data-testid="speaker" data-name={speaker.name}>
      <span className={styles.voice} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span className={styles.name}>{speaker.self ? words.youSpeak : words.speaks(speaker.name)}</span>
      {since >= 1000 && <span className={styles.time}>{clockText(since)}</span>}
    </span>
  );
}
