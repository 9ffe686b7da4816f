import type { SignalError } from '@parley/client';
import { ending } from '../words/ending';
import { errorWords, serverSaid } from '../words/errors';
import type { Session } from './session';

/** What to say to whoever is out of the meeting, and how they may come back. */
export interface Ending {
  readonly title: string;
  readonly text: string;
  readonly again: 'rejoin' | 'lobby';
}

export function endingOf(ended: NonNullable<Session['ended']>, error: SignalError | undefined): Ending {
  if (ended === 'left') return { title: ending.left, text: ending.leftText, again: 'rejoin' };
  if (ended === 'replaced') return { title: ending.replaced, text: ending.replacedText, again: 'rejoin' };
  const known = errorWords(ended === 'failed' ? (error?.code ?? '') : ended);
  return { title: ending.failed, text: serverSaid(error?.message), ...known, again: 'lobby' };
}
