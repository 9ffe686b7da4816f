/**
 * The call log as a value: what the inspector draws, what `export` writes and `import` reads
 * (docs/call-log.md). The live log, another tab's and a file are all of this one shape.
 */
import { arrayOf, boolean, nullable, number, object, oneOf, optional, recordOf, string, type TypeOf } from '../schema';

export const kLogVersion = 1;

const candidate = object('Candidate', {
  type: string,
  protocol: string,
  family: oneOf('IPv4', 'IPv6', 'mDNS', 'name'),
  address: string,
  port: number,
  priority: number,
  related: optional(string),
  tcpType: optional(string),
  relayedBy: optional(string),
  url: optional(string),
});

const pair = object('Pair', {
  state: string,
  selected: boolean,
  nominated: boolean,
  local: candidate,
  remote: candidate,
  requestsSent: number,
  responsesReceived: number,
  requestsReceived: number,
  responsesSent: number,
  bytesSent: number,
  bytesReceived: number,
  /** Milliseconds; null before the first answer. */
  roundTripTime: nullable(number),
});
/** Two addresses that ICE tried to connect, and how that stands. */
export type PairInfo = TypeOf<typeof pair>;

const entry = object('Entry', {
  /** Milliseconds since the link was opened. */
  at: number,
  step: string,
  /** Of a description: `microphone` or `camera` of a device, `audio` or `video` of a packet. */
  kind: optional(string),
  state: optional(string),
  message: optional(string),
  /** A person's name. */
  name: optional(string),
  count: optional(number),
  /** Candidate pairs by state. */
  counts: optional(recordOf(number)),
  side: optional(oneOf('local', 'remote')),
  sdp: optional(string),
  candidate: optional(candidate),
  pair: optional(object('ChosenPair', { local: candidate, remote: candidate })),
});
export type LogEntry = TypeOf<typeof entry>;

const sample = object('Sample', {
  at: number,
  /** Null where the browser does not tell, or nothing of the kind flows. */
  values: recordOf(nullable(number)),
  /** outbound-rtp/qualityLimitationReason. */
  limitation: string,
});
export type LogSample = TypeOf<typeof sample>;

const connection = object('Connection', {
  id: string,
  kind: oneOf('signalling', 'peer'),
  /** Of a peer: their participant id and name. */
  sid: string,
  name: string,
  closed: boolean,
  /** Entries that were left out to keep the log small. */
  dropped: number,
  entries: arrayOf(entry),
  samples: arrayOf(sample),
  pairs: arrayOf(pair),
});
export type LoggedConnection = TypeOf<typeof connection>;

export const callLogFile = object('CallLog', {
  format: oneOf('parley-call-log'),
  version: number,
  /** When the link was opened, in milliseconds since 1970. */
  startedAt: number,
  /** How long after that this was written, in milliseconds. */
  duration: number,
  room: string,
  name: string,
  browser: string,
  connections: arrayOf(connection),
});
export type CallLogFile = TypeOf<typeof callLogFile>;
