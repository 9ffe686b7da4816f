import { chosenPair } from '../path_reading';
import { familyOf, type CandidateInfo } from './candidate';
import type { LogSample, PairInfo } from './schema';

/** One entry of a `getStats()` report. */
export type Report = Readonly<Record<string, unknown>>;

/** What is sampled, by the names of W3C's "Identifiers for WebRTC's Statistics API", and in which unit. */
export const kSeries = {
  audioIn: { w3c: 'inbound-rtp/bytesReceived (audio), per second', unit: 'bit/s' },
  audioOut: { w3c: 'outbound-rtp/bytesSent (audio), per second', unit: 'bit/s' },
  videoIn: { w3c: 'inbound-rtp/bytesReceived (video), per second', unit: 'bit/s' },
  videoOut: { w3c: 'outbound-rtp/bytesSent (video), per second', unit: 'bit/s' },
  availableOut: { w3c: 'candidate-pair/availableOutgoingBitrate', unit: 'bit/s' },
  roundTrip: { w3c: 'candidate-pair/currentRoundTripTime', unit: 'ms' },
  jitter: { w3c: 'inbound-rtp/jitter', unit: 'ms' },
  lossIn: { w3c: 'inbound-rtp/packetsLost, of those expected', unit: '%' },
  lossOut: { w3c: 'remote-inbound-rtp/fractionLost', unit: '%' },
  framesIn: { w3c: 'inbound-rtp/framesPerSecond', unit: 'fps' },
  framesOut: { w3c: 'outbound-rtp/framesPerSecond', unit: 'fps' },
  heightIn: { w3c: 'inbound-rtp/frameHeight', unit: 'px' },
  heightOut: { w3c: 'outbound-rtp/frameHeight', unit: 'px' },
} as const;
export type Series = keyof typeof kSeries;

/** Counters of one look, from which the next makes rates. */
export interface Counters {
  readonly at: number;
  readonly bytes: Readonly<Record<'audioIn' | 'audioOut' | 'videoIn' | 'videoOut', number | null>>;
  readonly packets: number;
  readonly lost: number;
}

const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The sum of a field; null where no report has it. */
function sum(reports: readonly Report[], field: string): number | null {
  return reports.reduce<number | null>((total, report) => {
    const value = number(report[field]);
    return value === null ? total : (total ?? 0) + value;
  }, null);
}

function most(reports: readonly Report[], field: string): number | null {
  return reports.reduce<number | null>((top, report) => {
    const value = number(report[field]);
    return value === null ? top : Math.max(top ?? value, value);
  }, null);
}

const times = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);

/** Sums up a report taken at `at`; rates need the counters of the look before. */
export function sampleOf(
  reports: readonly Report[],
  at: number,
  before: Counters | undefined,
): { sample: LogSample; counters: Counters } {
  const of = (type: string, kind?: string) =>
    reports.filter((report) => report['type'] === type && (kind === undefined || report['kind'] === kind));
  const counters: Counters = {
    at,
    bytes: {
      audioIn: sum(of('inbound-rtp', 'audio'), 'bytesReceived'),
      audioOut: sum(of('outbound-rtp', 'audio'), 'bytesSent'),
      videoIn: sum(of('inbound-rtp', 'video'), 'bytesReceived'),
      videoOut: sum(of('outbound-rtp', 'video'), 'bytesSent'),
    },
    packets: sum(of('inbound-rtp'), 'packetsReceived') ?? 0,
    lost: Math.max(0, sum(of('inbound-rtp'), 'packetsLost') ?? 0),
  };
  const pair = chosenPair(reports);
  const values: Record<Series, number | null> = {
    ...rates(counters, before),
    availableOut: number(pair?.['availableOutgoingBitrate']),
    roundTrip: times(number(pair?.['currentRoundTripTime']), 1000),
    jitter: times(most(of('inbound-rtp'), 'jitter'), 1000),
    lossIn: lossSince(counters, before),
    lossOut: times(most(of('remote-inbound-rtp'), 'fractionLost'), 100),
    framesIn: most(of('inbound-rtp', 'video'), 'framesPerSecond'),
    framesOut: most(of('outbound-rtp', 'video'), 'framesPerSecond'),
    heightIn: most(of('inbound-rtp', 'video'), 'frameHeight'),
    heightOut: most(of('outbound-rtp', 'video'), 'frameHeight'),
  };
  const limits = of('outbound-rtp', 'video').map((report) => text(report['qualityLimitationReason']));
  return { sample: { at, values, limitation: limits.find((limit) => limit && limit !== 'none') ?? '' }, counters };
}

function rates(now: Counters, before: Counters | undefined): Record<keyof Counters['bytes'], number | null> {
  const rate = (name: keyof Counters['bytes']): number | null => {
    const [bytes, earlier] = [now.bytes[name], before?.bytes[name]];
    if (bytes === null || !before || now.at <= before.at) return null;
    return Math.max(0, ((bytes - (earlier ?? 0)) * 8000) / (now.at - before.at));
  };
  return { audioIn: rate('audioIn'), audioOut: rate('audioOut'), videoIn: rate('videoIn'), videoOut: rate('videoOut') };
}

function lossSince(now: Counters, before: Counters | undefined): number | null {
  const received = now.packets - (before?.packets ?? 0);
  const lost = Math.max(0, now.lost - (before?.lost ?? 0));
  return received + lost > 0 ? (100 * lost) / (received + lost) : null;
}

/** More pairs than this are not kept: sixteen candidates a side would make 256. */
const kMaxPairs = 100;

/** Every pair that ICE knows, the chosen one first. */
export function pairsOf(reports: readonly Report[]): PairInfo[] {
  const byId = new Map(reports.map((report) => [report['id'], report]));
  const chosen = chosenPair(reports);
  const pairs = reports
    .filter(({ type }) => type === 'candidate-pair')
    .map((report) => pairOf(report, byId, report === chosen));
  return pairs.sort((a, b) => Number(b.selected) - Number(a.selected)).slice(0, kMaxPairs);
}

function pairOf(report: Report, byId: ReadonlyMap<unknown, Report>, selected: boolean): PairInfo {
  const count = (field: string) => number(report[field]) ?? 0;
  return {
    state: text(report['state']),
    selected,
    nominated: report['nominated'] === true,
    local: candidateOf(byId.get(report['localCandidateId'])),
    remote: candidateOf(byId.get(report['remoteCandidateId'])),
    requestsSent: count('requestsSent'),
    responsesReceived: count('responsesReceived'),
    requestsReceived: count('requestsReceived'),
    responsesSent: count('responsesSent'),
    bytesSent: count('bytesSent'),
    bytesReceived: count('bytesReceived'),
    roundTripTime: times(number(report['currentRoundTripTime']), 1000),
  };
}

function candidateOf(report: Report | undefined): CandidateInfo {
  const address = text(report?.['address']) || text(report?.['ip']);
  const url = text(report?.['url']);
  const relayedBy = text(report?.['relayProtocol']);
  return {
    type: text(report?.['candidateType']),
    protocol: text(report?.['protocol']),
    family: familyOf(address),
    address,
    port: number(report?.['port']) ?? 0,
    priority: number(report?.['priority']) ?? 0,
    ...(url && { url }),
    ...(relayedBy && { relayedBy }),
  };
}

/** How many packets of a kind have come, how many pictures were decoded, and when the newest packet came. */
export function arrivals(
  reports: readonly Report[],
): { kind: string; packets: number; frames: number; newest: number }[] {
  return reports
    .filter(({ type }) => type === 'inbound-rtp')
    .map((report) => ({
      kind: text(report['kind']),
      packets: number(report['packetsReceived']) ?? 0,
      frames: number(report['framesDecoded']) ?? 0,
      newest: number(report['lastPacketReceivedTimestamp']) ?? Infinity,
    }));
}
