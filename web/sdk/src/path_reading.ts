import type { PathSample } from './path_guard';

type Report = Readonly<Record<string, unknown>>;

/** A look at a path, and the counters from which the next look makes shares. */
export interface PathReading {
  readonly sample: PathSample;
  readonly received: number;
  readonly lost: number;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** The pair in use: the transport names it; where it does not (Firefox), it is `selected` or nominated. */
export function chosenPair(reports: readonly Report[]): Report | undefined {
  const named = reports.find(({ type }) => type === 'transport')?.['selectedCandidatePairId'];
  const pairs = reports.filter(({ type }) => type === 'candidate-pair');
  return (
    pairs.find(({ id }) => named !== undefined && id === named) ??
    pairs.find(({ selected }) => selected === true) ??
    pairs.find(({ nominated, state }) => nominated === true && state === 'succeeded')
  );
}

/** Reads a `getStats()` report, given the reading before. */
export function readPath(reports: readonly Report[], before: PathReading | undefined): PathReading {
  const of = (type: string) => reports.filter((report) => report['type'] === type);
  const pair = chosenPair(reports);
  const local = reports.find(({ id }) => id === pair?.['localCandidateId']);
  const inbound = of('inbound-rtp');
  const sum = (field: string) => inbound.reduce((total, report) => total + number(report[field]), 0);
  const [received, lost] = [sum('packetsReceived'), sum('packetsLost')];
  const lossOut = Math.max(0, ...of('remote-inbound-rtp').map((report) => number(report['fractionLost'])));
  const carried = number(pair?.['bytesReceived']) + received;
  const seconds = pair?.['currentRoundTripTime'];
  return {
    received,
    lost,
    sample: {
      transport: pair && transportOf(local),
      arrived: carried + number(pair?.['responsesReceived']),
      carried,
      sent: of('outbound-rtp').reduce((total, report) => total + number(report['packetsSent']), 0),
      loss: Math.max(lossOut, lossBetween(before, received, lost)),
      roundTripTime: typeof seconds === 'number' ? seconds * 1000 : undefined,
    },
  };
}

function lossBetween(before: PathReading | undefined, received: number, lost: number): number {
  if (!before) return 0;
  const [came, missed] = [received - before.received, Math.max(0, lost - before.lost)];
  return came > 0 ? missed / (came + missed) : 0;
}

/** A relayed candidate is UDP to the other side, whatever carries it to the relay. */
function transportOf(local: Report | undefined): 'udp' | 'tcp' {
  const protocol = local?.['candidateType'] === 'relay' ? local['relayProtocol'] : local?.['protocol'];
  return protocol === 'tcp' || protocol === 'tls' ? 'tcp' : 'udp';
}
