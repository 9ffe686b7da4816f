import type { Room } from '@parley/client';

/** A join has the line for itself first, in milliseconds. */
const kDelay = 1500;

/** Lets an inspector in another tab look at this call, from shortly after it was joined. */
export function shareCallLater(room: Room): void {
  const share = async () => {
    if (room.state === 'left' || room.state === 'failed') return;
    const { shareRoom } = await import('../inspector/share');
    shareRoom(room);
  };
  room.ready.then(
    () => setTimeout(() => void share().catch(() => undefined), kDelay), // Without it the call is as good.
    () => undefined,
  );
}
