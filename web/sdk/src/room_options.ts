import type { LocalMedia } from './local_media';
import type { Topology } from './protocol';
import type { SignalSocket } from './signalling';

/** What a {@link Room} is made of; {@link join} makes it. */
export interface RoomOptions {
  readonly socket: SignalSocket;
  readonly room: string;
  readonly name: string;
  readonly topology?: Topology | undefined;
  /** For who makes the room: a lecture. */
  readonly lecture?: boolean | undefined;
  /** Media is known to go by the server, as in a lecture: the offer goes with the join. It is learnt late else. */
  readonly byServer?: boolean | undefined;
  readonly token?: string | undefined;
  readonly media: LocalMedia;
  /** How many pictures may come by the server at once; by default as many as a page shows on this screen. */
  readonly videoSlots?: number | undefined;
  /** When the person asked to join, on the clock of `performance.now()`; now by default. */
  readonly began?: number | undefined;
  /** Called before each connection; where it gives a promise, the connection waits for it. */
  readonly prepare?: (() => Promise<void> | undefined) | undefined;
}
