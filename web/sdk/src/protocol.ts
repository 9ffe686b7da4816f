/**
 * The signalling protocol's events as types and as runtime descriptors, in the order of
 * docs/protocol.md, which is the reference. A test compares the two.
 */
import { audienceSize, lectureEvents, lectureRequests } from './lecture/events';
import { questionEvents, questionRequests } from './questions/events';
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
  since,
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

/** Owner and cohosts are the room's hosts. */
export const role = oneOf('owner', 'cohost', 'participant');
export type Role = TypeOf<typeof role>;

/** What someone may send. */
export const permissions = object('object', {
  microphone: boolean,
  camera: boolean,
  screen: boolean,
  chat: boolean,
  todo: boolean,
});
export type Permissions = Readonly<TypeOf<typeof permissions>>;
export const kAllPermitted: Permissions = { microphone: true, camera: true, screen: true, chat: true, todo: true };

/** What hosts can switch off. */
const hostedSource = oneOf('microphone', 'camera', 'screen');
export type HostedSource = TypeOf<typeof hostedSource>;

const settingsShape = {
  locked: boolean,
  waitingRoom: boolean,
  membersOnly: boolean,
  permissions,
  lecture: since(boolean, false),
};
/** What a room lets in and lets do. */
export const settings = object('object', settingsShape);
export type RoomSettings = Readonly<TypeOf<typeof settings>>;
export const kOpen: RoomSettings = {
  locked: false,
  waitingRoom: false,
  membersOnly: false,
  permissions: kAllPermitted,
  lecture: false,
};

/** Someone who waits to be admitted. */
export const waitingPerson = object('WaitingPerson', { sid: string, name: string, account: boolean, since: number });
export type WaitingPerson = Readonly<TypeOf<typeof waitingPerson>>;

/** Someone in the room, as the server tells it. */
export const participant = object('Participant', {
  sid: string,
  name: string,
  micinf: boolean,
  vidinf: boolean,
  scrinf: boolean,
  away: boolean,
  role: since(role, 'participant'),
  hand: since(nullable(number), null),
  permissions: since(permissions, kAllPermitted),
  account: since(boolean, false),
  joinedAt: since(number, 0),
  program: optional(boolean),
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

/** An offer of the connection with the server: what its sections that send will show, by mid. */
export const offer = object('object', { sdp: string, sources: recordOf(source) });
export type MediaOffer = Readonly<TypeOf<typeof offer>>;

/** Why another topology holds. */
export const topologyReason = oneOf(
  'third',
  'unconnected',
  'viewer',
  'one-stream',
  'forced',
  'lecture',
  'alone',
  'left',
);
export type TopologyReason = TypeOf<typeof topologyReason>;

/** What can be shown as a picture. */
const pictureSource = oneOf('camera', 'screen');
export type PictureSource = TypeOf<typeof pictureSource>;

/** A picture that is shown, in device pixels. */
export const viewTile = object('Tile', { sid: string, source: pictureSource, width: number, height: number });
export type ViewTile = Readonly<TypeOf<typeof viewTile>>;

/** The largest picture that is of use, in device pixels. */
const viewSize = object('object', { width: number, height: number });
export type ViewSize = Readonly<TypeOf<typeof viewSize>>;

/** What a receive section carries from now on: `sid`'s, everyone's (`oneStream`), or nothing. */
export const slot = object('Slot', {
  mid: string,
  sid: optional(string),
  source: optional(source),
  oneStream: optional(boolean),
});
export type Slot = Readonly<TypeOf<typeof slot>>;

/** What keeps a picture from being better. */
export const qualityLimit = oneOf('none', 'sender', 'server', 'downlink', 'tile', 'policy');
export type QualityLimit = TypeOf<typeof qualityLimit>;

/** One picture as the server sends it: `sid`'s, or everyone's (`oneStream`). */
export const tileQuality = object('TileQuality', {
  sid: optional(string),
  source: optional(pictureSource),
  oneStream: optional(boolean),
  mid: string,
  width: number,
  height: number,
  fps: number,
  bitrate: number,
  limit: qualityLimit,
  paused: boolean,
});
export type TileQuality = Readonly<TypeOf<typeof tileQuality>>;

/** A message of the room's chat. */
export const chatMessage = object('object', {
  id: number,
  key: string,
  sid: string,
  name: string,
  account: nullable(number),
  text: string,
  to: nullable(object('object', { sid: string, name: string })),
  replyTo: nullable(number),
  at: number,
  edited: nullable(number),
  deleted: boolean,
});

export type ChatRecord = Readonly<TypeOf<typeof chatMessage>>;

/** An item of the room's to-do list. */
export const todoItem = object('TodoItem', {
  id: string,
  text: string,
  done: boolean,
  assignee: nullable(string),
  position: string,
  by: string,
  at: number,
  removed: boolean,
});

export type TodoRecord = Readonly<TypeOf<typeof todoItem>>;

/** What someone did to an item, `age` ms ago. */
export const todoChange = object('TodoChange', {
  item: string,
  age: number,
  text: optional(string),
  done: optional(boolean),
  assignee: optional(nullable(string)),
  position: optional(string),
  removed: optional(boolean),
});

export type TodoChange = Readonly<TypeOf<typeof todoChange>>;

const nothing = object('object', {});

/** Why something failed. The codes are listed in docs/protocol.md. */
export const failure = object('object', { code: string, message: string, field: optional(string) });
export type Failure = TypeOf<typeof failure>;

/** What someone is told who comes in. */
const welcome = object('object', {
  sid: string,
  resume: string,
  resumed: boolean,
  room: string,
  topology,
  answer: optional(string),
  oneStream: since(boolean, false),
  participants: arrayOf(participant),
  iceServers: arrayOf(iceServer),
  graceSeconds: number,
  name: since(string, ''),
  role: since(role, 'participant'),
  permissions: since(permissions, kAllPermitted),
  hand: since(nullable(number), null),
  account: since(nullable(string), null),
  settings: since(settings, kOpen),
  kept: since(boolean, false),
  startedAt: since(number, 0),
  serverTime: since(number, 0),
  waiting: since(arrayOf(waitingPerson), []),
  onStage: since(boolean, true),
  audience: optional(audienceSize),
});

/** The other acknowledgement of a join: one has to wait to be admitted. */
export const mustWait = object('object', { waiting: boolean, room: string, resume: string });
export type MustWait = TypeOf<typeof mustWait>;

const sids = object('object', { sids: arrayOf(string) });
const theMessage = object('object', { message: chatMessage });
const theItems = object('object', { items: arrayOf(todoItem) });

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
      token: optional(string),
      offer: optional(offer),
      lecture: optional(boolean),
    }),
    ack: welcome,
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
  iceServers: { fields: nothing, ack: object('object', { iceServers: arrayOf(iceServer) }) },
  negotiate: {
    fields: object('object', { offer, renegotiate: optional(boolean) }),
    ack: object('object', { answer: string }),
  },
  unconnected: { fields: object('object', { sid: string }), ack: nothing },
  view: { fields: object('object', { tiles: arrayOf(viewTile), oneStream: optional(viewSize) }), ack: nothing },
  settings: {
    fields: object('object', {
      locked: optional(boolean),
      waitingRoom: optional(boolean),
      membersOnly: optional(boolean),
      permissions: optional(permissions),
      lecture: optional(boolean),
    }),
    ack: nothing,
  },
  admit: { fields: sids, ack: nothing },
  refuse: { fields: sids, ack: nothing },
  remove: { fields: object('object', { sid: string }), ack: nothing },
  mute: { fields: object('object', { source: hostedSource, sid: optional(string) }), ack: nothing },
  ask: { fields: object('object', { sid: string, source: hostedSource, on: boolean }), ack: nothing },
  permit: { fields: object('object', { sid: string, permissions }), ack: nothing },
  role: { fields: object('object', { sid: string, role }), ack: nothing },
  end: { fields: nothing, ack: nothing },
  ...lectureRequests,
  hand: { fields: object('object', { raised: boolean, sid: optional(string) }), ack: nothing },
  react: { fields: object('object', { emoji: string }), ack: nothing },
  chat: {
    fields: object('object', { key: string, text: string, to: optional(string), replyTo: optional(number) }),
    ack: theMessage,
  },
  chatEdit: { fields: object('object', { id: number, text: string }), ack: theMessage },
  chatDelete: { fields: object('object', { id: number }), ack: theMessage },
  chatHistory: {
    fields: object('object', { before: optional(number), limit: optional(number) }),
    ack: object('object', { messages: arrayOf(chatMessage), more: boolean }),
  },
  todoList: { fields: nothing, ack: theItems },
  todo: { fields: object('object', { changes: arrayOf(todoChange) }), ack: theItems },
  ...questionRequests,
} as const;

/** What the server may send. */
export const serverEvents = {
  joined: object('object', { participant }),
  left: object('object', { sid: string, reason: oneOf('left', 'timeout', 'removed', 'audience') }),
  media: object('object', { sid: string, micinf: boolean, vidinf: boolean, scrinf: boolean }),
  away: object('object', { sid: string }),
  back: object('object', { participant }),
  description: object('object', { ...description, cname: string }),
  candidate: object('object', { sid: string, cname: string, candidate: nullable(candidate) }),
  topology: object('object', { topology, reason: topologyReason, answer: optional(string) }),
  slots: object('object', { slots: arrayOf(slot) }),
  speakers: object('object', { sids: arrayOf(string) }),
  quality: object('object', { estimate: number, tiles: arrayOf(tileQuality) }),
  layers: object('object', { source: pictureSource, active: arrayOf(string) }),
  participant: object('object', { participant }),
  waiting: object('object', { people: arrayOf(waitingPerson) }),
  settings: object('object', { ...settingsShape, by: nullable(string) }),
  reaction: object('object', { sid: string, emoji: string }),
  chat: theMessage,
  chatChanged: theMessage,
  todo: theItems,
  ...questionEvents,
  admitted: welcome,
  refused: object('object', { reason: oneOf('refused', 'locked', 'ended', 'timeout') }),
  muted: object('object', { by: string, source: hostedSource }),
  asked: object('object', { by: string, source: hostedSource, on: boolean }),
  ...lectureEvents,
  resume: object('object', { resume: string }),
  removed: object('object', { by: string }),
  ended: object('object', { by: nullable(string) }),
  replaced: nothing,
  closing: object('object', { reason: string }),
  error: failure,
} as const;

export type ClientEventName = keyof typeof clientEvents;
export type ServerEventName = keyof typeof serverEvents;
export type ClientEvent<K extends ClientEventName> = TypeOf<(typeof clientEvents)[K]['fields']>;
export type Acknowledgement<K extends ClientEventName> = TypeOf<(typeof clientEvents)[K]['ack']>;
export type ServerEvent<K extends ServerEventName> = TypeOf<(typeof serverEvents)[K]>;

export type LeaveReason = ServerEvent<'left'>['reason'];
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

/** Reads the answer to a join: we are in, or have to wait, or the failure. Throws a Mismatch if it is none. */
export function readJoinAnswer(
  value: unknown,
): { ok: true; fields: Welcome | MustWait } | { ok: false; error: Failure } {
  const waits = typeof value === 'object' && value !== null && 'waiting' in value && value.waiting === true;
  return waits ? { ok: true, fields: mustWait.read(value, '') } : readAcknowledgement('join', value);
}

/** Reads an event from the server. Throws a Mismatch that names the field at fault. */
export function readServerEvent<K extends ServerEventName>(event: K, value: unknown): ServerEvent<K> {
  const fields: Schema<unknown> = serverEvents[event];
  return fields.read(value, '') as ServerEvent<K>;
}
