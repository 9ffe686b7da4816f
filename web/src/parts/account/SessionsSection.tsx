import Button from '@mui/material/Button';
import { useEffect } from 'react';
import { browserOf, endSession, loggedIn, type LoggedIn } from '../../state/account/devices';
import { ago } from '../../state/account/when';
import { useStore } from '../../state/use_store';
import { account, sessions as words } from '../../words/account';
import { DeviceIcon } from '../icons';
import { Card } from './Card';
import styles from './Rows.module.css';
import { TroubleNote } from './TroubleNote';
import { useNow } from './use_now';

/** Where the account is logged in. */
export function SessionsSection() {
  const { items, trouble } = useStore(loggedIn);
  useEffect(() => void loggedIn.load(), []);
  return (
    <>
      <p className={styles.lead}>{words.text}</p>
      <Card>
        <TroubleNote trouble={trouble} />
        {!items && !trouble && <p>{account.loading}</p>}
        <ul className={styles.rows}>
          {items?.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </ul>
      </Card>
    </>
  );
}

function Row({ one }: { readonly one: LoggedIn }) {
  const browser = browserOf(one.userAgent) ?? words.unknown;
  const now = useNow(0);
  return (
    <li className={styles.row} data-testid="session" data-current={one.current}>
      <span className={styles.icon}>
        <DeviceIcon size={22} />
      </span>
      <div className={styles.what}>
        <p className={styles.name}>
          {browser} {one.current && <span className={styles.badge}>{words.current}</span>}
        </p>
        <p className={styles.detail}>{words.since(ago(one.created, now), ago(one.lastUsed, now))}</p>
      </div>
      {!one.current && (
        <Button aria-label={words.endNamed(browser)} data-testid="session-end" onClick={() => void endSession(one.id)}>
          {words.end}
        </Button>
      )}
    </li>
  );
}
