import { SignalError } from './errors';
import type { Room } from './room';

/** Resolves once the room is joined; rejects with a {@link SignalError} if that will not be. */
export function whenJoined(room: Pick<Room, 'on' | 'error' | 'ending'>): Promise<void> {
  return new Promise((resolve, reject) => {
    room.on('state', (state) => {
      if (state === 'joined') resolve();
      else if (state === 'left' || state === 'failed') {
        reject(room.error ?? new SignalError(room.ending ?? state, 'The room was left.'));
      }
    });
  });
}
