import type { Room } from '@parley/client';
import { toast } from './toasts';

/** Says in short messages what happens in the room. */
export function followRoom(room: Room): void {
  room.on('joined', ({ name }) => toast(`${name} joined`));
  room.on('left', ({ participant, reason }) =>
    toast(reason === 'left' ? `${participant.name} left` : `${participant.name} lost the connection`),
  );
  room.on('closing', () => toast('The server is restarting; the call goes on.', 'warning'));
  room.on('error', (error) => console.warn('parley:', error.message));
}
