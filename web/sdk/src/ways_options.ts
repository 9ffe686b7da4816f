import type { IceServers } from './ice_servers';
import type { CallLog } from './log/call_log';
import type { OneStreamAdvice } from './one_stream/advice';
import type { Participant } from './participant';
import type { LinkState } from './peer_link';
import type { TopologyReason } from './protocol';
import type { Publications } from './publications';
import type { Signalling } from './signalling';

/** The ways there are: each with each, or everybody with the server. */
export type Way = 'p2p' | 'sfu';

/** A sound to play. */
export interface Sound {
  readonly id: string;
  readonly track: MediaStreamTrack;
}

export interface WaysListener {
  /** Somebody's tracks may be others now. */
  readonly onTracks: (participant: Participant) => void;
  /** The state of the link straight to somebody changed. */
  onLinkState(sid: string, state: LinkState): void;
  onChannel(sid: string, channel: RTCDataChannel): void;
  /** The channels for messages by the server; they are not open yet. */
  onServerChannels(reliable: RTCDataChannel, unreliable: RTCDataChannel): void;
  /** The server says that they are not in the room. */
  readonly onGone: (sid: string) => void;
  onTopology(topology: Way, reason: TopologyReason): void;
  onAdvice(advice: OneStreamAdvice): void;
  onOneStreamFailed(): void;
  readonly onError: (error: unknown) => void;
  readonly onChange: () => void;
}

export interface WaysOptions extends WaysListener {
  readonly signalling: Signalling;
  readonly publications: Publications;
  readonly log: CallLog;
  readonly iceServers: IceServers;
  readonly videoSlots: number;
  readonly participants: ReadonlyMap<string, Participant>;
  readonly selfSid: () => string;
  /** Whether files are on their way between us. */
  isBusy(sid: string): boolean;
}
