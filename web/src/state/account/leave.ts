import { troubleWords } from '../../words/trouble';
import { toast } from '../toasts';
import { logOut } from './account';
import { loggedIn } from './devices';
import { FormError } from './form';
import { myRooms } from './my_rooms';
import { apiTokens, newToken } from './tokens';

/** Logs out, and forgets what was shown of the account. */
export async function leaveAccount(): Promise<void> {
  try {
    await logOut();
    forgetAccount();
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    toast(troubleWords(error.trouble, Date.now()), 'warning');
  }
}

/** The next who logs in here does not see what was another's. */
export function forgetAccount(): void {
  for (const listing of [myRooms, loggedIn, apiTokens]) listing.clear();
  newToken.set(undefined);
}
