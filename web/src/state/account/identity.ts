import { Session, type User } from '@parley/client';
import { readPreferences, remember } from '../preferences';
import { Store } from '../store';

/** Who is logged in here, and what the server offers to those who are not. */
export interface Account {
  /** `unknown` until the server has said; `unavailable` if it did not. */
  readonly state: 'unknown' | 'known' | 'unavailable';
  readonly user: User | undefined;
  readonly guests: boolean;
  readonly registration: boolean;
}

export const account = new Store<Account>({ state: 'unknown', user: undefined, guests: true, registration: true });

/** The account of this browser, made when it is first asked for. */
let made: Session | undefined;
export function accountSession(): Session {
  if (made) return made;
  made = new Session();
  made.on('change', (user) => {
    account.update((now) => ({ ...now, user }));
    if (user && readPreferences().name === undefined) remember({ name: user.displayName });
  });
  return made;
}
