import type { CandidateInfo, LogEntry, LoggedConnection, Step } from '@parley/client';
import { scaled } from './format';

export type Lifeline = 'you' | 'server' | 'peer';

/** One step of the ladder, as it is drawn. */
export interface Rung {
  readonly key: string;
  readonly step: string;
  readonly at: number;
  /** Milliseconds since the rung before. */
  readonly since: number;
  readonly from: Lifeline;
  readonly to: Lifeline;
  /** It passes through the server on its way. */
  readonly byServer: boolean;
  /** What it was about: an address, a device, a count. The same in every language. */
  readonly detail: string;
  /** How long it took, if that is longer than it should. */
  readonly slow: number | undefined;
}

type Way = readonly [Lifeline, Lifeline, 'by-server'?];

const kWays: Partial<Record<Step, Way>> = {
  'socket-opening': ['you', 'server'],
  'socket-open': ['server', 'you'],
  'socket-recovered': ['server', 'you'],
  'join-sent': ['you', 'server'],
  'join-accepted': ['server', 'you'],
  'join-waiting': ['server', 'you'],
  'join-refused': ['server', 'you'],
  'peer-joined': ['server', 'you'],
  'peer-away': ['server', 'you'],
  'peer-back': ['server', 'you'],
  'peer-left': ['server', 'you'],
  unconnected: ['you', 'server'],
  topology: ['server', 'you'],
  'offer-sent': ['you', 'peer', 'by-server'],
  'offer-received': ['peer', 'you', 'by-server'],
  'answer-sent': ['you', 'peer', 'by-server'],
  'answer-received': ['peer', 'you', 'by-server'],
  'candidate-found': ['you', 'peer', 'by-server'],
  'candidate-received': ['peer', 'you', 'by-server'],
  'ice-checking': ['you', 'peer'],
  'ice-connected': ['peer', 'you'],
  'dtls-connecting': ['you', 'peer'],
  'dtls-connected': ['peer', 'you'],
  'first-packet': ['peer', 'you'],
};

/**
 * Steps that should not take long: since which step their time is counted, and from how many milliseconds on they
 * are worth a word. A cable gives 300 ms no excuse; a person who is asked for the camera takes a second.
 */
const kLimits: Partial<Record<Step, readonly [since: readonly Step[], limit: number]>> = {
  'page-ready': [['opened'], 1500],
  'device-ready': [['device-asked'], 1500],
  'socket-open': [['socket-opening'], 500],
  'join-accepted': [['join-sent'], 400],
  'offer-made': [['negotiation-needed'], 300],
  'answer-received': [['offer-sent'], 1000],
  'answer-made': [['offer-applied'], 400],
  'ice-connected': [['ice-checking'], 1000],
  'dtls-connected': [['dtls-connecting', 'ice-connected'], 700],
  'first-packet': [['connected'], 1000],
  'first-frame': [['first-packet'], 1000],
};
export type SlowStep =
  | 'page-ready'
  | 'device-ready'
  | 'socket-open'
  | 'join-accepted'
  | 'offer-made'
  | 'answer-received'
  | 'answer-made'
  | 'ice-connected'
  | 'dtls-connected'
  | 'first-packet'
  | 'first-frame';

/** A pause between two rungs is shown from this long on, in milliseconds. */
export const kGap = 150;

/** What happened with the server, and with one peer if there is one, in the order of time. */
export function ladderOf(signalling: LoggedConnection | undefined, peer: LoggedConnection | undefined): Rung[] {
  const own = (signalling?.entries ?? []).filter((entry) => concerns(entry, peer));
  const entries = [...own, ...(peer?.entries ?? [])].sort((a, b) => a.at - b.at);
  return entries.map((entry, index) => {
    const [from, to, by] = kWays[entry.step as Step] ?? ['you', 'you'];
    return {
      key: `${index}/${entry.step}`,
      step: entry.step,
      at: entry.at,
      since: entry.at - (entries[index - 1]?.at ?? entry.at),
      ...{ from, to, byServer: by !== undefined, detail: detailOf(entry) },
      slow: slownessOf(entries, index),
    };
  });
}

// Of the others in the room only the one whom the ladder is about.
function concerns({ step, name }: LogEntry, peer: LoggedConnection | undefined): boolean {
  return !step.startsWith('peer-') || (peer !== undefined && name === peer.name);
}

function slownessOf(entries: readonly LogEntry[], index: number): number | undefined {
  const entry = entries[index];
  const limits = kLimits[entry?.step as Step];
  if (!entry || !limits) return undefined;
  const [steps, limit] = limits;
  const isStart = ({ step, kind }: LogEntry) => steps.includes(step as Step) && (!kind || kind === entry.kind);
  const start = entries.slice(0, index).findLast(isStart);
  if (!start || !isFirst(entries, index)) return undefined;
  const took = entry.at - start.at;
  return took > limit ? took : undefined;
}

// A microphone that is chosen anew an hour later took no hour.
function isFirst(entries: readonly LogEntry[], index: number): boolean {
  const entry = entries[index];
  return entries.findIndex(({ step, kind }) => step === entry?.step && kind === entry.kind) === index;
}

export function detailOf(entry: LogEntry): string {
  if (entry.candidate) return candidateText(entry.candidate);
  if (entry.pair) return pathText(entry.pair.local, entry.pair.remote);
  if (entry.counts) return countsText(entry.counts);
  const count = entry.count === undefined ? undefined : String(entry.count);
  const size = entry.sdp && scaled(entry.sdp.length, 'B');
  return [entry.name, entry.kind, entry.side, count, size, entry.message].filter(Boolean).join(' · ');
}

export function candidateText(candidate: CandidateInfo): string {
  const { protocol, family, address, port } = candidate;
  const where = family === 'IPv6' ? `[${address}]` : shortened(address);
  return `${kindOf(candidate)} · ${protocol} · ${where}:${port} · ${family}`;
}

/** `host → srflx, udp`. */
export function pathText(local: CandidateInfo, remote: CandidateInfo): string {
  return `${kindOf(local)} → ${kindOf(remote)}, ${local.protocol}`;
}

/** `host`; of a relay also what carries packets to it, as `relay/tls`. */
export function kindOf({ type, relayedBy }: CandidateInfo): string {
  return relayedBy ? `${type}/${relayedBy}` : type;
}

// An mDNS name is a long random number: its beginning tells one from another.
function shortened(address: string): string {
  return address.endsWith('.local') ? `${address.slice(0, 8)}….local` : address;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(' · ');
}
