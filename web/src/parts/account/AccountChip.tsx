import { useEffect, type MouseEvent } from 'react';
import { loadAccount } from '../../state/account/account';
import { account } from '../../state/account/identity';
import { navigate } from '../../state/session';
import { useStore } from '../../state/use_store';
import { account as words, signIn } from '../../words/account';
import { Avatar } from '../Avatar';
import styles from './AccountChip.module.css';

/** Who is logged in, or the way to log in. Nothing while that is not known. */
export function AccountChip() {
  const { state, user } = useStore(account);
  useEffect(() => {
    if (account.get().state !== 'known') void loadAccount();
  }, []);
  if (state !== 'known') return null;
  const go = (event: MouseEvent) => {
    event.preventDefault();
    navigate('/account');
  };
  return (
    <a className={styles.chip} href="/account" data-testid="account-chip" onClick={go}>
      {user && (
        <span className={styles.face}>
          <Avatar name={user.displayName} />
        </span>
      )}
      <span className={styles.name}>{user ? user.displayName : signIn.logIn}</span>
      {user && <span className="unseen">{words.toAccount}</span>}
    </a>
  );
}
