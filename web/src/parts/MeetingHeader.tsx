import type { Room } from '@parley/client';
import { countText } from '../state/count_text';
import { clockText } from '../state/duration';
import type { RoomView } from '../state/room_view';
import { lecture as lectureWords } from '../words/lecture';
import { stage } from '../words/meeting';
import { room as words } from '../words/room';
import { PeopleIcon } from './icons';
import { Mark } from './Logo';
import { EyeIcon, LockIcon } from './meeting_icons';
import styles from './MeetingHeader.module.css';
import { SpeakerChip } from './stage/SpeakerChip';
import { ThemeToggle } from './ThemeToggle';
import { useClock } from './use_clock';

/** Which meeting this is, how many are in it, how long it has been going on, and who speaks. */
export function MeetingHeader({ room, view }: { readonly room: Room; readonly view: RoomView }) {
  const { lecture } = view;
  const people = view.people.length;
  return (
    <header className={styles.header}>
      <Mark size={32} />
      <span className={styles.name}>{room.room}</span>
      {room.settings.locked && (
        <span className={styles.lock} role="img" aria-label={stage.locked} title={stage.locked} data-testid="locked">
          <LockIcon size={17} />
        </span>
      )}
      <span className={styles.people} data-testid="people-count">
        <PeopleIcon size={18} />
        <span aria-hidden="true">{people}</span>
        <span className="unseen">{lecture.on ? lectureWords.onStage(people) : words.people(people)}</span>
      </span>
      {lecture.on && (
        <span className={styles.people} data-testid="audience-count" data-count={lecture.audience}>
          <EyeIcon size={18} />
          <span aria-hidden="true">{countText(lecture.audience)}</span>
          <span className="unseen">{lectureWords.watching(lecture.audience)}</span>
        </span>
      )}
      {room.startedAt !== undefined && <Timer since={room.startedAt} />}
      <SpeakerChip room={room} view={view} />
      <span className={styles.toggle}>
        <ThemeToggle />
      </span>
    </header>
  );
}

function Timer({ since }: { readonly since: number }) {
  const time = clockText(useClock() - since);
  return (
    <span className={styles.timer} role="timer" aria-label={stage.elapsed(time)} data-testid="timer">
      {time}
    </span>
  );
}
