import { attempt } from './attempt';
import { account, accountSession } from './identity';

/** Asks the server who is logged in. Never rejects. */
export async function loadAccount(): Promise<void> {
  try {
    const options = await accountSession().load();
    account.set({ state: 'known', user: accountSession().user, ...options });
  } catch {
    account.update((now) => ({ ...now, state: 'unavailable' }));
  }
}

export function logIn(name: string, password: string): Promise<void> {
  return attempt(async () => void (await accountSession().login(name.trim(), password)), { 401: 'wrong-login' });
}

export function register(name: string, password: string, displayName: string): Promise<void> {
  return attempt(async () => void (await accountSession().register(name, password, displayName.trim() || undefined)), {
    403: 'closed',
    409: 'taken',
  });
}

export function logOut(): Promise<void> {
  return attempt(() => accountSession().logout());
}

export function rename(displayName: string): Promise<void> {
  return attempt(async () => {
    await accountSession().request('POST', '/api/auth/profile', { displayName: displayName.trim() });
    await accountSession().load();
  });
}

/** All other sessions end with it. */
export function changePassword(current: string, next: string): Promise<void> {
  return attempt(
    async () => void (await accountSession().request('POST', '/api/auth/password', { current, new: next })),
    { 401: 'wrong-password', 403: 'wrong-password' },
    'current',
  );
}

/** The account, its rooms and what was said in them are gone for good. */
export function deleteAccount(password: string): Promise<void> {
  return attempt(
    async () => {
      await accountSession().request('POST', '/api/auth/delete', { password });
      await accountSession().load();
    },
    { 401: 'wrong-password', 403: 'wrong-password' },
    'password',
  );
}
