import type { ParticipantInfo, Welcome } from './protocol';

/** How things stand with someone we had a link to when the connection broke. */
export interface KnownPeer {
  readonly sid: string;
  /** Sound and picture still flow. */
  readonly connected: boolean;
}

/** What to do about each peer after a join was accepted. */
export interface Reconciliation {
  /** The peer connection lives on; say again what may have been lost. */
  readonly keep: ParticipantInfo[];
  /** Make a fresh peer connection and offer: whoever came later calls. */
  readonly call: ParticipantInfo[];
  /** Not here (yet): the server was restarted, and they may still come. Drop after graceSeconds. */
  readonly hold: string[];
  /** Gone, or dead. */
  readonly drop: string[];
}

/**
 * Compares whom we know with whom the server names (docs/protocol.md, "Losing the connection").
 *
 * When `resumed`, the server's list is complete, and others kept their end. When not, we either come
 * for the first time, or the server forgot us: then only a connection that visibly works is kept.
 */
export function reconcile(
  known: Iterable<KnownPeer>,
  welcome: Pick<Welcome, 'resumed' | 'participants'>,
): Reconciliation {
  const result: Reconciliation = { keep: [], call: [], hold: [], drop: [] };
  const peers = new Map([...known].map((peer) => [peer.sid, peer]));
  for (const participant of welcome.participants) {
    const peer = peers.get(participant.sid);
    peers.delete(participant.sid);
    if (peer && (peer.connected || welcome.resumed)) result.keep.push(participant);
    else result.call.push(participant);
  }
  for (const { sid, connected } of peers.values()) {
    if (connected && !welcome.resumed) result.hold.push(sid);
    else result.drop.push(sid);
  }
  return result;
}
