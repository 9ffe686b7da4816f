import type { CandidateMessage, DescriptionMessage } from '../protocol';
import type { CallLog } from './call_log';
import { parseCandidate, type CandidateInfo } from './candidate';
import type { ConnectionLog, EntryDetails } from './connection_log';
import { arrivals, pairsOf, sampleOf, type Counters, type Report } from './sample';
import type { Step } from './steps';

/** After the connection stands, media is looked for this often, in milliseconds, and at most so many times. */
export const kArrivalInterval = 40;
const kMaxArrivalLooks = 75;
/** While addresses are being tried, the pairs are looked at this often, in milliseconds. */
export const kCheckInterval = 500;

const kIce: Partial<Record<RTCIceConnectionState, Step>> = {
  checking: 'ice-checking',
  connected: 'ice-connected',
  disconnected: 'ice-disconnected',
  failed: 'ice-failed',
};
const kDtls: Partial<Record<RTCDtlsTransportState, Step>> = {
  connecting: 'dtls-connecting',
  connected: 'dtls-connected',
  failed: 'dtls-failed',
};

type Timer = ReturnType<typeof setTimeout>;

/** Where a link notes what happens: its own log, and the call's, which has its statistics read. */
export interface LinkLog {
  readonly call: CallLog;
  readonly connection: ConnectionLog;
}

/**
 * Watches one RTCPeerConnection and notes what it does. It only listens (`addEventListener`) and reads:
 * the connection's owner keeps its `on…` handlers, and notes itself what goes over the signalling.
 */
export class PeerProbe {
  readonly #pc: RTCPeerConnection;
  readonly #log: ConnectionLog;
  readonly #stops: (() => void)[] = [];
  readonly #transports = new Set<RTCDtlsTransport>();
  readonly #arrived = new Set<string>();
  #counters: Counters | undefined;
  #signalingState: RTCSignalingState = 'stable';
  #lastPair = '';
  #lastCounts = '';
  #iceConnectedAt: number | undefined;
  #connectedAt: number | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(pc: RTCPeerConnection, { call, connection: log }: LinkLog) {
    this.#pc = pc;
    this.#log = log;
    log.closed = false;
    log.add('connection-made');
    this.#listen('negotiationneeded', () => log.add('negotiation-needed'));
    this.#listen('signalingstatechange', () => this.#onSignalingState());
    this.#listen('icegatheringstatechange', () => this.#onGathering());
    this.#listen('icecandidate', (event) => this.#onCandidate(event as RTCPeerConnectionIceEvent));
    this.#listen('icecandidateerror', (event) => this.#onCandidateError(event as RTCPeerConnectionIceErrorEvent));
    this.#listen('iceconnectionstatechange', () => this.#onIceState());
    this.#listen('connectionstatechange', () => this.#onConnectionState());
    this.#stops.push(call.addSampled(this));
  }

  /** Notes what only the owner knows: restarts, errors. */
  note(step: Step, details?: EntryDetails): void {
    if (!this.#closed) this.#log.add(step, details);
  }

  /** Ours has been handed to the signalling, or theirs has come from it. */
  noteDescription({ type, sdp }: DescriptionMessage, what: 'sent' | 'received'): void {
    if (type === 'offer' || type === 'answer') this.note(`${type}-${what}`, what === 'received' ? { sdp } : {});
  }

  /** Theirs; null says that no more will come. */
  noteCandidate(candidate: CandidateMessage | null): void {
    const parsed = candidate && parseCandidate(candidate.candidate);
    if (parsed) this.note('candidate-received', { candidate: parsed });
    else this.note('candidates-ended', { side: 'remote' });
  }

  /** Reads the statistics once. */
  async sample(): Promise<void> {
    const reports = await this.#look();
    if (!reports) return;
    const { sample, counters } = sampleOf(reports, this.#log.now, this.#counters);
    this.#counters = counters;
    if (this.#connectedAt !== undefined) this.#log.addSample(sample);
  }

  close(): void {
    if (this.#closed) return;
    this.#log.add('closed');
    this.#log.closed = this.#closed = true;
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
  }

  #listen(type: string, listener: (event: Event) => void): void {
    this.#pc.addEventListener(type, listener);
    this.#stops.push(() => this.#pc.removeEventListener(type, listener));
  }

  // 4.7.2: `stable` is reached by an answer, ours or theirs, or by a rollback.
  #onSignalingState(): void {
    const before = this.#signalingState;
    const now = (this.#signalingState = this.#pc.signalingState);
    const { localDescription: local, remoteDescription: remote } = this.#pc;
    if (now === 'have-local-offer') this.#log.add('offer-made', { sdp: local?.sdp });
    else if (now === 'have-remote-offer') this.#log.add('offer-applied');
    else if (now === 'stable' && before === 'have-remote-offer' && local?.type === 'answer')
      this.#log.add('answer-made', { sdp: local.sdp });
    else if (now === 'stable' && before === 'have-local-offer' && remote?.type === 'answer')
      this.#log.add('answer-applied');
    this.#watchTransports();
  }

  #watchTransports(): void {
    for (const { sender } of this.#pc.getTransceivers()) {
      const { transport } = sender;
      if (!transport || this.#transports.has(transport)) continue;
      this.#transports.add(transport);
      const onState = () => this.#addState(kDtls[transport.state]);
      const { iceTransport } = transport;
      const onPair = () => this.#onPair(iceTransport?.getSelectedCandidatePair?.() ?? undefined);
      transport.addEventListener('statechange', onState);
      iceTransport?.addEventListener('selectedcandidatepairchange', onPair);
      this.#stops.push(() => {
        transport.removeEventListener('statechange', onState);
        iceTransport?.removeEventListener('selectedcandidatepairchange', onPair);
      });
      if (transport.state !== 'new') onState();
    }
  }

  #addState(step: Step | undefined): void {
    if (step) this.#log.add(step);
  }

  #onGathering(): void {
    if (this.#pc.iceGatheringState === 'gathering') this.#log.add('gathering');
    if (this.#pc.iceGatheringState === 'complete') this.#log.add('gathered');
  }

  #onCandidate({ candidate }: RTCPeerConnectionIceEvent): void {
    if (!candidate) return this.#log.add('candidates-ended', { side: 'local' });
    const found = ownCandidate(candidate);
    if (found) this.#log.add('candidate-found', { candidate: found });
  }

  #onCandidateError({ url, errorCode, errorText }: RTCPeerConnectionIceErrorEvent): void {
    this.#log.add('candidate-error', { message: `${url} ${errorCode} ${errorText}`.trim() });
  }

  #onIceState(): void {
    const state = this.#pc.iceConnectionState;
    this.#addState(kIce[state]);
    clearTimeout(this.#timer);
    if (state === 'checking') this.#later(kCheckInterval, () => this.#lookAtChecks());
    if (state === 'connected') this.#iceConnectedAt = this.#log.now;
    if (state === 'connected' || state === 'completed') this.#watchTransports();
    if (state === 'failed') void this.#look();
  }

  async #lookAtChecks(): Promise<void> {
    await this.#look();
    if (this.#pc.iceConnectionState === 'checking') this.#later(kCheckInterval, () => this.#lookAtChecks());
  }

  #onConnectionState(): void {
    if (this.#pc.connectionState !== 'connected') return;
    this.#log.add('connected');
    this.#connectedAt ??= this.#log.now;
    if (!this.#hasAllArrived()) this.#later(kArrivalInterval, () => this.#lookForMedia(kMaxArrivalLooks));
  }

  async #lookForMedia(left: number): Promise<void> {
    await this.#look();
    if (left > 0 && !this.#hasAllArrived()) this.#later(kArrivalInterval, () => this.#lookForMedia(left - 1));
  }

  #later(delay: number, act: () => Promise<void>): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => void act(), delay);
  }

  #hasAllArrived(): boolean {
    return ['audio', 'video', 'frame'].every((kind) => this.#arrived.has(kind));
  }

  async #look(): Promise<Report[] | undefined> {
    if (this.#closed) return undefined;
    const reports: Report[] = [];
    try {
      (await this.#pc.getStats()).forEach((report: Report) => reports.push(report));
    } catch {
      return undefined; // It was closed meanwhile.
    }
    if (this.#closed) return undefined;
    this.#onPairs(reports);
    this.#onArrivals(reports);
    return reports;
  }

  #onPairs(reports: readonly Report[]): void {
    const pairs = (this.#log.pairs = pairsOf(reports));
    const chosen = pairs.find(({ selected }) => selected);
    const counts: Record<string, number> = {};
    for (const { state } of pairs) counts[state] = (counts[state] ?? 0) + 1;
    const summary = JSON.stringify(counts);
    const isNews = this.#connectedAt === undefined || this.#lastCounts === '' || counts['failed'];
    if (pairs.length > 0 && summary !== this.#lastCounts && isNews) {
      this.#log.add('checks', { counts }, this.#lastCounts === '' ? this.#iceConnectedAt : undefined);
      this.#lastCounts = summary;
    }
    if (chosen) this.#setPair(chosen.local, chosen.remote, this.#lastPair === '' ? this.#iceConnectedAt : undefined);
  }

  #onPair(pair: RTCIceCandidatePair | undefined): void {
    const local = pair && ownCandidate(pair.local);
    const remote = pair && parseCandidate(pair.remote.candidate);
    if (local && remote) this.#setPair(local, remote);
  }

  // Types and ports tell pairs apart; addresses are hidden in one of the two places that we hear of them.
  #setPair(local: CandidateInfo, remote: CandidateInfo, at?: number): void {
    const key = [local, remote].map(({ protocol, port }) => `${protocol}:${port}`).join(' ');
    if (key === this.#lastPair) return;
    this.#lastPair = key;
    this.#log.add('pair-chosen', { pair: { local, remote } }, at);
  }

  #onArrivals(reports: readonly Report[]): void {
    for (const { kind, packets, frames, newest } of arrivals(reports)) {
      if (packets > 0) this.#onArrival(kind, 'first-packet', kind, packets < 20 ? newest : Infinity);
      if (frames > 0) this.#onArrival('frame', 'first-frame', kind, Infinity);
    }
  }

  // `newest` is when the newest packet came, on the clock of `Date`: closer to the first than our look.
  #onArrival(key: string, step: Step, kind: string, newest: number): void {
    if (this.#arrived.has(key)) return;
    this.#arrived.add(key);
    const age = Math.max(0, performance.timeOrigin + performance.now() - newest);
    this.#log.add(step, { kind }, Math.max(this.#log.now - age, this.#connectedAt ?? 0));
  }
}

// With what the browser knows of it beside its line.
function ownCandidate(candidate: RTCIceCandidate): CandidateInfo | undefined {
  const parsed = parseCandidate(candidate.candidate);
  const told = (field: string) => (Reflect.get(candidate, field) as unknown) || undefined;
  const [url, relayedBy] = [told('url'), told('relayProtocol')];
  return (
    parsed && {
      ...parsed,
      ...(typeof url === 'string' && { url }),
      ...(typeof relayedBy === 'string' && { relayedBy }),
    }
  );
}
