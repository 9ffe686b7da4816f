import type { LinkState } from './peer_link';
import type { Source } from './protocol';

/** One entry of a `getStats()` report. */
export type Report = Readonly<Record<string, unknown>>;

/** The way that somebody's sound and picture take to us: straight from them, or by the server. */
export interface MediaPath {
  readonly way: 'direct' | 'server';
  readonly state: LinkState;
  /** What arrives of theirs, by what it shows. */
  readonly receivers: ReadonlyMap<Source, RTCRtpReceiver>;
  /** The connection that carries it; by the server, everybody's is the same. */
  readonly peerConnection: RTCPeerConnection | undefined;
  /** Opens a data channel to them; undefined where that cannot be. */
  openChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel | undefined;
  /** The statistics of it alone. Rejects when the connection was closed meanwhile. */
  report(): Promise<Report[]>;
}

/** Reads the statistics of a connection. Rejects when it is closed. */
export async function readReports(pc: Pick<RTCPeerConnection, 'getStats'>): Promise<Report[]> {
  const reports: Report[] = [];
  (await pc.getStats()).forEach((report: Report) => reports.push(report));
  return reports;
}

/** The `inbound-rtp` entry of each source that arrives by a path. */
export function inboundOf(path: MediaPath, reports: readonly Report[]): Map<Source, Report> {
  const transceivers = path.peerConnection?.getTransceivers() ?? [];
  const found = new Map<Source, Report>();
  for (const [source, receiver] of path.receivers) {
    const mid = transceivers.find((transceiver) => transceiver.receiver === receiver)?.mid;
    const report = reports.find((entry) => entry['type'] === 'inbound-rtp' && entry['mid'] === mid);
    if (mid !== undefined && report) found.set(source, report);
  }
  return found;
}
