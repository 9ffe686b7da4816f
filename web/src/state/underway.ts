import type { Room } from '@parley/client';

/** The server's answer is waited for at most so long, in milliseconds: a network that takes longer leaves time to draw in. */
export const kPatience = 200;

/**
 * Resolves once a join has no use for the page for a while: the server has answered, so that only the network has something
 * to do, or its answer takes long anyway. To draw a meeting keeps a slow computer busy for longer than all of the join's own
 * work, which would wait for it.
 */
export function whenUnderway(room: Pick<Room, 'state' | 'on'> | undefined): Promise<void> {
  if (room?.state !== 'connecting') return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => proceed(), kPatience);
    const stop = room.on('state', () => proceed());
    const proceed = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
  });
}
