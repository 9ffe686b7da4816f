import { room as words } from '../words/room';
import { PeopleIcon } from './icons';
import { Mark } from './Logo';
import styles from './MeetingHeader.module.css';
import { ThemeToggle } from './ThemeToggle';

/** Which meeting this is, and how many are in it. */
export function MeetingHeader({ room, people }: { readonly room: string; readonly people: number }) {
  return (
    <header className={styles.header}>
      <Mark size={32} />
      <span className={styles.name}>{room}</span>
      <span className={styles.people} data-testid="people-count">
        <PeopleIcon size={18} />
        <span aria-hidden="true">{people}</span>
        <span className="unseen">{words.people(people)}</span>
      </span>
      <span className={styles.toggle}>
        <ThemeToggle />
      </span>
    </header>
  );
}
