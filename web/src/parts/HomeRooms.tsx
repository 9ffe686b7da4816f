import { useEffect, type MouseEvent } from 'react';
import { account } from '../state/account/identity';
import { myRooms } from '../state/account/my_rooms';
import { navigate } from '../state/session';
import { useStore } from '../state/use_store';
import { account as accountWords } from '../words/account';
import { home } from '../words/home';
import styles from './HomeRooms.module.css';
import { DoorIcon } from './icons';

/** More would push the rest of the page away; the account's page has them all. */
const kShown = 4;

/** The rooms of who is logged in, one click away. */
export function HomeRooms() {
  const { user } = useStore(account);
  const { items } = useStore(myRooms);
  useEffect(() => {
    if (user) void myRooms.load();
  }, [user]);
  if (!user || !items || items.length === 0) return null;
  return (
    <nav className={styles.rooms} aria-label={accountWords.rooms} data-testid="home-rooms">
      {items.slice(0, kShown).map(({ name }) => (
        <Link key={name} path={`/room/${encodeURIComponent(name)}`} text={name} />
      ))}
      <Link path="/account#rooms" text={home.allRooms} plain />
    </nav>
  );
}

function Link({
  path,
  text,
  plain = false,
}: {
  readonly path: string;
  readonly text: string;
  readonly plain?: boolean;
}) {
  const go = (event: MouseEvent) => {
    event.preventDefault();
    navigate(path);
  };
  return (
    <a className={styles.link} data-plain={plain || undefined} href={path} onClick={go}>
      {!plain && <DoorIcon size={18} />}
      {text}
    </a>
  );
}
