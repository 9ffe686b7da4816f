import CircularProgress from '@mui/material/CircularProgress';
import Button from '@mui/material/Button';
import { AccountSections } from '../parts/account/AccountSections';
import { SignIn } from '../parts/account/SignIn';
import { PageHeader } from '../parts/PageHeader';
import { Themed } from '../parts/Themed';
import { loadAccount } from '../state/account/account';
import { account } from '../state/account/identity';
import { useStore } from '../state/use_store';
import { account as words, signIn } from '../words/account';
import { common } from '../words/common';
import styles from './Account.module.css';

/** Logging in, and all that belongs to who is. */
export default function Account() {
  const { state, user } = useStore(account);
  return (
    <Themed>
      <div className={styles.page}>
        <PageHeader />
        <main className={styles.main} data-testid="account" data-state={user ? 'user' : state}>
          {user ? <AccountSections user={user} /> : state === 'known' ? <SignIn /> : <NotYet state={state} />}
        </main>
      </div>
    </Themed>
  );
}

function NotYet({ state }: { readonly state: 'unknown' | 'unavailable' }) {
  if (state === 'unknown') return <CircularProgress className={styles.waits ?? ''} aria-label={words.loading} />;
  return (
    <div className={styles.waits} role="alert">
      <h1 className={styles.title}>{signIn.unavailable}</h1>
      <Button variant="contained" onClick={() => void loadAccount()}>
        {common.tryAgain}
      </Button>
    </div>
  );
}
