import { chosenPair } from './path_reading';

/** How good a link is, as a person would say it. */
export type Quality = 'good' | 'fair' | 'poor' | 'unknown';

/**
 * Which way sound and picture go: straight to the other side, or by a relay, and then by what we reach it. A relay that
 * the other side uses is reached by UDP. `server`: the server hands them on (SFU).
 */
export type PathWay = 'direct' | 'relay-udp' | 'relay-tcp' | 'relay-tls' | 'server';

/** What is worth knowing about the link to one participant. */
export interface LinkStats {
  readonly quality: Quality;
  /** Round trip, in milliseconds. */
  readonly roundTripTime: number | undefined;
  /** Share of packets lost since the last look, 0 to 1: theirs to us, and ours to them. */
  readonly lossIn: number;
  readonly lossOut: number;
  /** How unevenly packets come, in milliseconds. */
  readonly jitter: number;
  /** Why the picture we send is smaller than it could be, if it is: `bandwidth`, `cpu` or `other`. */
  readonly limitation: string | undefined;
  /** Bits a second since the last look. */
  readonly bitrateIn: number;
  readonly bitrateOut: number;
  /** Video frames decoded, in all. */
  readonly framesDecoded: number;
  /** The energy of the sound received, in all (W3C `totalAudioEnergy`): it grows while there is sound. */
  readonly audioEnergy: number;
  /** The picture as it arrives. */
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** How the path runs: `host`, `srflx`, `prflx` or `relay`, ours and theirs. */
  readonly path:
    { readonly local: string; readonly remote: string; readonly protocol: string; readonly way: PathWay } | undefined;
}

/** Counters of the last look, from which rates are made. */
export interface Counters {
  readonly at: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly lostIn: number;
}

type Report = Readonly<Record<string, unknown>>;

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const sum = (reports: Report[], field: string): number =>
  reports.reduce((total, report) => total + number(report[field]), 0);
const most = (reports: Report[], field: string): number =>
  reports.reduce((top, report) => Math.max(top, number(report[field])), 0);

/** Sums up a `getStats()` report taken at `now` (milliseconds), given the counters of the one before. */
export function summarize(
  reports: Iterable<Report>,
  now: number,
  before?: Counters,
): { stats: LinkStats; counters: Counters } {
  const all = [...reports];
  const of = (type: string) => all.filter((report) => report['type'] === type);
  const inbound = of('inbound-rtp');
  const video = inbound.filter((report) => report['kind'] === 'video');
  const counters: Counters = {
    at: now,
    bytesIn: sum(inbound, 'bytesReceived'),
    bytesOut: sum(of('outbound-rtp'), 'bytesSent'),
    packetsIn: sum(inbound, 'packetsReceived'),
    lostIn: Math.max(0, sum(inbound, 'packetsLost')),
  };
  const seconds = before ? Math.max((now - before.at) / 1000, 0.001) : undefined;
  const rate = (bytes: number, earlier = 0) => (seconds ? Math.max(0, ((bytes - earlier) * 8) / seconds) : 0);
  const pair = chosenPair(all);
  const roundTripTime =
    pair && 'currentRoundTripTime' in pair ? number(pair['currentRoundTripTime']) * 1000 : undefined;
  const lossIn = lossSince(counters, before);
  const lossOut = most(of('remote-inbound-rtp'), 'fractionLost');
  return {
    counters,
    stats: {
      quality: qualityOf(roundTripTime, Math.max(lossIn, lossOut)),
      roundTripTime,
      lossIn,
      lossOut,
      jitter: most(inbound, 'jitter') * 1000,
      limitation: limitationOf(of('outbound-rtp')),
      bitrateIn: rate(counters.bytesIn, before?.bytesIn),
      bitrateOut: rate(counters.bytesOut, before?.bytesOut),
      framesDecoded: sum(video, 'framesDecoded'),
      audioEnergy: sum(inbound, 'totalAudioEnergy'),
      frameWidth: most(video, 'frameWidth'),
      frameHeight: most(video, 'frameHeight'),
      path: pair && pathOf(pair, all),
    },
  };
}

function limitationOf(outbound: Report[]): string | undefined {
  return outbound
    .map((report) => text(report['qualityLimitationReason']))
    .find((reason) => reason && reason !== 'none');
}

function lossSince(now: Counters, before: Counters | undefined): number {
  const received = now.packetsIn - (before?.packetsIn ?? 0);
  const lost = Math.max(0, now.lostIn - (before?.lostIn ?? 0));
  return received + lost > 0 ? lost / (received + lost) : 0;
}

/** ITU-T G.114 calls up to 150 ms one way fine; beyond 3% loss, repair begins to show. */
export function qualityOf(roundTripTime: number | undefined, loss: number): Quality {
  if (roundTripTime === undefined) return 'unknown';
  if (roundTripTime > 500 || loss > 0.1) return 'poor';
  if (roundTripTime > 250 || loss > 0.03) return 'fair';
  return 'good';
}

function pathOf(pair: Report, all: Report[]): LinkStats['path'] {
  const find = (id: unknown) => all.find((report) => report['id'] === id);
  const local = find(pair['localCandidateId']);
  const remote = find(pair['remoteCandidateId']);
  return {
    local: text(local?.['candidateType']),
    remote: text(remote?.['candidateType']),
    protocol: text(local?.['protocol']),
    way: wayOf(local, remote),
  };
}

function wayOf(local: Report | undefined, remote: Report | undefined): PathWay {
  if (local?.['candidateType'] === 'relay') {
    const protocol = local['relayProtocol'];
    return protocol === 'tls' ? 'relay-tls' : protocol === 'tcp' ? 'relay-tcp' : 'relay-udp';
  }
  return remote?.['candidateType'] === 'relay' ? 'relay-udp' : 'direct';
}
