import type { Room } from '@parley/client';
import { attempt } from './hosting';

/** Whether our hand is up. */
export function isHandUp({ self }: Pick<Room, 'self'>): boolean {
  return (self?.hand ?? null) !== null;
}

/** Asks for the word, or gives it back. */
export function toggleHand(room: Room): void {
  attempt(room.raiseHand(!isHandUp(room)));
}
