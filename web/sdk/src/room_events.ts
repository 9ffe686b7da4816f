import type { Audience } from './lecture/lecture';
import type { RoomMessage } from './messages/messages';
import type { OneStreamAdvice } from './one_stream/advice';
import type { Participant } from './participant';
import type { HostedSource, LeaveReason, RoomSettings, Source, TopologyReason, WaitingPerson } from './protocol';
import type { SelfInfo } from './place';
import type { RoomState } from './signalling';
import type { Way } from './ways_options';

/** What a {@link Room} tells. */
export interface RoomEvents {
  /** Anything that can be seen changed: draw again. */
  change: undefined;
  state: RoomState;
  /** Someone came in; not emitted for those who were there when we joined. */
  joined: Participant;
  left: { participant: Participant; reason: LeaveReason };
  media: Participant;
  away: Participant;
  back: Participant;
  /** Someone's role, permissions or name changed, or their hand went up or down. */
  participant: Participant;
  /** The same of ourselves. */
  self: SelfInfo;
  /** A track of theirs began (`track`), or ended (undefined). */
  track: { participant: Participant; source: Source; track: MediaStreamTrack | undefined };
  /** Media takes another way from now on, and why; nobody is to notice. */
  topology: { topology: Way; reason: TopologyReason };
  /** Everyone in one stream would serve better, or no longer would: {@link Room.oneStream}. */
  oneStreamAdvised: OneStreamAdvice;
  /** The server could not make one stream, or no longer can: tiles are shown again. */
  oneStreamFailed: undefined;
  /** Someone began or stopped speaking; undefined: it is us. */
  speaking: Participant | undefined;
  /** We speak, and nobody hears it: told once each time the microphone is muted. */
  speakingWhileMuted: undefined;
  /** A hand went up. */
  hand: { sid: string; name: string; self: boolean };
  /** The application of somebody else sent a message by {@link Room.send}. */
  message: RoomMessage<Participant>;
  /** In a lecture: we are on stage from now on, or in the audience; undefined: it follows from a setting or our role. */
  stage: { onStage: boolean; by: Participant | undefined };
  /** How many watch, or want to speak, has changed. */
  audience: Audience;
  /** How often the audience of a lecture has reacted with each emoji since the last time. */
  reactions: Readonly<Record<string, number>>;
  reaction: { sid: string; name: string; emoji: string; self: boolean };
  /** A host changed what the room allows. */
  settings: { settings: RoomSettings; by: Participant | undefined };
  /** For hosts: who waits at the door, the whole list. */
  waiting: readonly WaitingPerson[];
  /** A host let us in. */
  admitted: undefined;
  /** A host switched off something of ours; it is off already. */
  muted: { by: Participant | undefined; source: HostedSource };
  /** A host asks us to switch something on or off. */
  asked: { by: Participant | undefined; source: HostedSource; on: boolean };
  /** A host put us out. */
  removed: { by: Participant | undefined };
  /** A host ended the meeting for everyone; undefined: the server did. */
  ended: { by: Participant | undefined };
  /** The same participant came back in another tab; this one is out. */
  replaced: undefined;
  closing: { reason: string };
  /** Something went wrong that the room survives. */
  error: Error;
}
