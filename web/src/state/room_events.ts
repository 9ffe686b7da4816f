import type { Room } from '@parley/client';
import { happens } from '../words/room';
import { toast } from './toasts';

/** Says in short messages what happens in the room. */
export function followRoom(room: Room): void {
  room.on('joined', ({ name }) => toast(happens.joined(name)));
  room.on('left', ({ participant, reason }) =>
    toast(reason === 'left' ? happens.left(participant.name) : happens.lost(participant.name)),
  );
  room.on('closing', () => toast(happens.closing, 'warning'));
  room.on('error', (error) => console.warn('parley:', error.message));
}
