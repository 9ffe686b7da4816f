import { io } from 'socket.io-client';
import type { Session } from './account/session';
import { LocalMedia } from './local_media';
import { mark } from './marks';
import type { Topology } from './protocol';
import { Room } from './room';
import { warmUp } from './warm';

export interface JoinOptions {
  /** The room's name: 1 to 64 of letters, digits, `.`, `_` and `-`. */
  readonly room: string;
  /** What others see. */
  readonly name: string;
  /** Where the server is; the page's own origin by default. */
  readonly url?: string;
  /** A join token, made by the server's HTTP API: it carries name, role and permissions. */
  readonly token?: string;
  /** The account to join as; without one, whoever the browser's cookies say. */
  readonly session?: Session;
  /** For who makes the room. */
  readonly topology?: Topology;
  /** For who makes the room: a lecture, in which few are on stage and many watch. */
  readonly lecture?: boolean;
  /** Media is known to go by the server, as in a lecture: who says so gets it sooner. */
  readonly byServer?: boolean;
  /** What to show and say; by default nothing until `room.media` is told to start. */
  readonly media?: LocalMedia;
  /** When the person asked for it, on the clock of `performance.now()`; now by default. For the log alone. */
  readonly began?: number;
  /** Ways to connect, in the order of trying. */
  readonly transports?: ('websocket' | 'polling')[];
}

/**
 * Joins a room. Returns at once, while the connection is being made; `room.ready` resolves once in.
 *
 * Devices and connection are started side by side, so call this without waiting for
 * `media.start()`: tracks are put into calls as they come.
 */
export function join({ url, transports, media, session, ...request }: JoinOptions): Room {
  mark('navigation');
  // WebSocket first: it saves the round trips of the upgrade. Polling is for networks that break it.
  const socket = io(url ?? '', {
    autoConnect: false,
    transports: transports ?? ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 200,
    reconnectionDelayMax: 3000,
    timeout: 8000,
  });
  const prepare = () => (session?.mustRefresh ? session.beforeConnecting() : undefined);
  const room = new Room({ socket, media: media ?? new LocalMedia(), prepare, ...request });
  warmUp(); // While the server thinks.
  return room;
}
