import type { SignalError } from '@parley/client';
import type { Session } from './session';

/** What to say to whoever is out of the meeting, and how they may come back. */
export interface Ending {
  readonly title: string;
  readonly text: string;
  readonly again: 'rejoin' | 'lobby';
}

const kLeft: Ending = {
  title: 'You left the meeting',
  text: 'Your camera and microphone are off.',
  again: 'rejoin',
};

const kReplaced: Ending = {
  title: 'You are in this meeting elsewhere',
  text: 'You came back in another window, so this one stepped out.',
  again: 'rejoin',
};

/** By the error codes of docs/protocol.md. */
const kFailures: Readonly<Record<string, Ending>> = {
  'room-full': {
    title: 'This room is full',
    text: 'Ask someone inside to make place, then try again.',
    again: 'lobby',
  },
  'server-full': {
    title: 'The server is full',
    text: 'It holds as many meetings as it can. Try again in a while.',
    again: 'lobby',
  },
};

export function endingOf(ended: NonNullable<Session['ended']>, error: SignalError | undefined): Ending {
  if (ended === 'left') return kLeft;
  if (ended === 'replaced') return kReplaced;
  const text = error ? `The server said: ${error.message}` : 'The server did not say why.';
  return kFailures[error?.code ?? ''] ?? { title: 'That did not work', text, again: 'lobby' };
}
