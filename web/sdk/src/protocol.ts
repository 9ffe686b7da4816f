/**
 * The signalling protocol's events as types and as runtime descriptors, in the order of
 * docs/protocol.md, which is the reference. A test compares the two.
 */
import {
  arrayOf,
  boolean,
  either,
  nullable,
  number,
  object,
  oneOf,
  optional,
  recordOf,
  string,
  type Schema,
  type TypeOf,
} from './schema';

/** What a track shows. */
export const source = oneOf('microphone', 'camera', 'screen', 'screen-audio');
export type Source = TypeOf<typeof source>;

/** How media travels in a room. */
export const topology = oneOf('auto', 'p2p', 'sfu', 'mcu');
export type Topology = TypeOf<typeof topology>;

/** Someone in the room, as the server tells it. */
export const participant = object('Participant', {
  sid: string,
  name: string,
  micinf: boolean,
  vidinf: boolean,
  scrinf: boolean,
  away: boolean,
});
export type ParticipantInfo = TypeOf<typeof participant>;

const iceServer = object('RTCIceServer', {
  urls: either(string, arrayOf(string)),
  username: optional(string),
  credential: optional(string),
});

const candidate = object('object', {
  candidate: string,
  sdpMid: nullable(string),
  sdpMLineIndex: nullable(number),
  usernameFragment: optional(nullable(string)),
});
/** A candidate as it travels: every field named, as `RTCIceCandidate.toJSON` gives it. */
export type CandidateMessage = TypeOf<typeof candidate>;

const description = {
  sid: string,
  type: oneOf('offer', 'answer', 'pranswer', 'rollback'),
  sdp: string,
  sources: optional(recordOf(source)),
};

const nothing = object('object', {});

/** Why something failed. The codes are listed in docs/protocol.md. */
export const failure = object('object', { code: string, message: string, field: optional(string) });
export type Failure = TypeOf<typeof failure>;

/** What a client may send: the fields of each event, and of its acknowledgement besides `ok`. */
export const clientEvents = {
  join: {
    fields: object('object', {
      room: string,
      name: string,
      micinf: boolean,
      vidinf: boolean,
      topology: optional(topology),
      resume: optional(string),
    }),
    ack: object('object', {
      sid: string,
      resume: string,
      resumed: boolean,
      room: string,
      topology,
      participants: arrayOf(participant),
      iceServers: arrayOf(iceServer),
      graceSeconds: number,
    }),
  },
  leave: { fields: nothing, ack: nothing },
  media: {
    fields: object('object', { micinf: boolean, vidinf: boolean, scrinf: boolean }),
    ack: nothing,
  },
  description: { fields: object('object', description), ack: nothing },
  candidate: {
    fields: object('object', { sid: string, candidate: nullable(candidate) }),
    ack: nothing,
  },
} as const;

/** What the server may send. */
export const serverEvents = {
  joined: object('object', { participant }),
  left: object('object', { sid: string, reason: oneOf('left', 'timeout') }),
  media: object('object', { sid: string, micinf: boolean, vidinf: boolean, scrinf: boolean }),
  away: object('object', { sid: string }),
  back: object('object', { participant }),
  description: object('object', { ...description, cname: string }),
  candidate: object('object', { sid: string, cname: string, candidate: nullable(candidate) }),
  replaced: nothing,
  closing: object('object', { reason: string }),
  error: failure,
} as const;

export type ClientEventName = keyof typeof clientEvents;
export type ServerEventName = keyof typeof serverEvents;
export type ClientEvent<K extends ClientEventName> = TypeOf<(typeof clientEvents)[K]['fields']>;
export type Acknowledgement<K extends ClientEventName> = TypeOf<(typeof clientEvents)[K]['ack']>;
export type ServerEvent<K extends ServerEventName> = TypeOf<(typeof serverEvents)[K]>;

export type JoinRequest = ClientEvent<'join'>;
export type Welcome = Acknowledgement<'join'>;
export type MediaFlags = ClientEvent<'media'>;
export type DescriptionMessage = Omit<ClientEvent<'description'>, 'sid'>;

const envelope = object('object', { ok: boolean, error: optional(failure) });

/** Reads an acknowledgement: its fields, or the failure it carries. Throws a Mismatch if it is neither. */
export function readAcknowledgement<K extends ClientEventName>(
  event: K,
  value: unknown,
): { ok: true; fields: Acknowledgement<K> } | { ok: false; error: Failure } {
  const { ok, error } = envelope.read(value, '');
  if (!ok) return { ok, error: error ?? { code: 'unknown', message: 'The server gave no reason.' } };
  const fields: Schema<unknown> = clientEvents[event].ack;
  return { ok, fields: fields.read(value, '') as Acknowledgement<K> };
}

/** Reads an event from the server. Throws a Mismatch that names the field at fault. */
export function readServerEvent<K extends ServerEventName>(event: K, value: unknown): ServerEvent<K> {
  const fields: Schema<unknown> = serverEvents[event];
  return fields.read(value, '') as ServerEvent<K>;
}
