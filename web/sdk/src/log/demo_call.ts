import { Emitter } from '../emitter';
import { IceServers } from '../ice_servers';
import type { Outgoing } from '../link_senders';
import { PeerLink } from '../peer_link';
import type { Source } from '../protocol';
import { CallLog } from './call_log';

/** The two ends of the demonstration, as its log names them. */
export interface DemoNames {
  readonly you: string;
  readonly peer: string;
}

export interface DemoOptions extends DemoNames {
  /** What each end shows: a track of a canvas, of a camera, of a file. */
  readonly tracks: readonly MediaStreamTrack[];
  /** How long a message takes from one end to the other, in milliseconds: a server far away, played. */
  readonly delay: number;
}

/**
 * A call between two peer connections in one page: by the code of every call of Parley ({@link PeerLink}), but what
 * a server would carry is handed over by a function call. Its log is that of the end that calls.
 */
export class DemoCall extends Emitter<{ track: MediaStreamTrack }> {
  readonly log: CallLog;
  readonly #caller: PeerLink;
  readonly #callee: PeerLink;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor({ you, peer, tracks, delay }: DemoOptions) {
    super();
    this.log = new CallLog({ room: 'demo', name: you });
    const outgoing: Outgoing = new Map(tracks.map((track) => [sourceOf(track), track]));
    const other = new CallLog({ room: 'demo', name: peer }); // Of the far end, which nobody looks at.
    const post = (deliver: () => void) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        deliver();
      }, delay);
      this.#timers.add(timer);
    };
    const end = (self: string, sid: string, log: CallLog, name: string, to: () => PeerLink) =>
      new PeerLink({
        ...{ selfSid: self, sid, outgoing, iceServers: new IceServers(), calls: self === 'you' },
        log: { call: log, connection: log.peer(sid, name) },
        sendDescription: (message) => post(() => to().handleDescription(message)),
        sendCandidate: (candidate) => post(() => to().handleCandidate(candidate)),
      });
    this.#callee = end('peer', 'you', other, you, () => this.#caller);
    this.#caller = end('you', 'peer', this.log, peer, () => this.#callee);
    this.#caller.on('track', ({ receiver }) => receiver && this.emit('track', receiver.track));
  }

  /** Breaks the path and mends it: new addresses are exchanged while the call goes on. */
  restartIce(): void {
    this.#caller.restartIce();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#caller.close();
    this.#callee.close();
  }
}

function sourceOf({ kind }: MediaStreamTrack): Source {
  return kind === 'audio' ? 'microphone' : 'camera';
}
