import { FakeChannel } from './fake_channel';
import { FakeTrack } from './fake_track';
import { FakeTransceiver } from './fake_transceiver';

export { FakeTrack };
export { FakeSender, FakeTransceiver } from './fake_transceiver';

/**
 * An RTCPeerConnection that negotiates by the book (W3C WebRTC 1.0, 4.4: operations chain, signalling
 * states, implicit rollback, mids, the negotiation-needed flag) and moves no media. Its "SDP" is a list
 * of sections. How long an operation takes is the test's to say, so that races can be provoked.
 */
type Direction = RTCRtpTransceiverDirection;

interface Section {
  mid: string;
  kind: string;
  direction: Direction;
}

const flip: Record<Direction, Direction> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
  stopped: 'stopped',
};

/** What both want: an answer may narrow what was offered. */
function meet(offered: Direction, own: Direction): Direction {
  const sends = offered !== 'sendonly' && offered !== 'inactive' && (own === 'sendrecv' || own === 'sendonly');
  const receives = offered !== 'recvonly' && offered !== 'inactive' && (own === 'sendrecv' || own === 'recvonly');
  return sends && receives ? 'sendrecv' : sends ? 'sendonly' : receives ? 'recvonly' : 'inactive';
}

export class FakePeerConnection extends EventTarget {
  static made: FakePeerConnection[] = [];
  /** How many turns of the event loop the next operation takes. */
  static delay: () => number = () => 0;
  /** The server's end of the channels of a connection with it. */
  static server: { accept(sessionId: string, channel: FakeChannel): FakeChannel | undefined } | undefined;

  iceConnectionState: RTCIceConnectionState = 'new';
  iceGatheringState: RTCIceGatheringState = 'new';
  /** What `getStats()` gives. */
  stats = new Map<string, Readonly<Record<string, unknown>>>();
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { type: RTCSdpType; sdp: string } | null = null;
  remoteDescription: { type: RTCSdpType; sdp: string } | null = null;
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ondatachannel: ((event: { channel: FakeChannel }) => void) | null = null;
  readonly channels: FakeChannel[] = [];
  readonly candidates: unknown[] = [];
  readonly sessionId = String(1000 + FakePeerConnection.made.length);
  closed = false;
  restarts = 0;

  #signalingState: RTCSignalingState = 'stable';
  readonly #transceivers: FakeTransceiver[] = [];
  #local: Section[] = [];
  #remote: Section[] = [];
  #stable: { local: Section[]; remote: Section[]; mids: Map<FakeTransceiver, string | null> } | undefined;
  #chain: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #flag = false;
  #restart = false;
  #mids = 0;
  #version = 0;

  constructor(public configuration: RTCConfiguration = {}) {
    super();
    FakePeerConnection.made.push(this);
  }

  get signalingState(): RTCSignalingState {
    return this.#signalingState;
  }

  set signalingState(state: RTCSignalingState) {
    if (state === this.#signalingState) return;
    this.#signalingState = state;
    if (state !== 'closed') this.dispatchEvent(new Event('signalingstatechange')); // 4.4.3: close() is silent.
  }

  getStats(): Promise<FakePeerConnection['stats']> {
    return Promise.resolve(this.stats);
  }

  getTransceivers(): FakeTransceiver[] {
    return [...this.#transceivers];
  }

  addTransceiver(
    trackOrKind: FakeTrack | string,
    { direction, sendEncodings }: { direction: Direction; sendEncodings?: object[] },
  ): FakeTransceiver {
    const track = typeof trackOrKind === 'string' ? null : trackOrKind;
    const kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    return this.#add(new FakeTransceiver(kind, direction, track, () => this.#updateFlag(), sendEncodings));
  }

  createDataChannel(label: string, options: RTCDataChannelInit = {}): FakeChannel {
    const channel = new FakeChannel(label, options);
    this.channels.push(channel);
    this.#updateFlag();
    setImmediate(() => this.#openChannels());
    return channel;
  }

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  restartIce(): void {
    this.restarts += 1;
    this.#restart = true;
    this.#updateFlag();
  }

  setLocalDescription(): Promise<void> {
    return this.#enqueue(() => {
      if (this.signalingState === 'have-remote-offer') this.#setLocalAnswer();
      else this.#setLocalOffer();
    });
  }

  setRemoteDescription(description: { type: RTCSdpType; sdp: string }): Promise<void> {
    return this.#enqueue(() => {
      if (description.type === 'offer') this.#setRemoteOffer(description);
      else this.#setRemoteAnswer(description);
    });
  }

  addIceCandidate(candidate?: unknown): Promise<void> {
    return this.#enqueue(() => {
      if (!this.remoteDescription) throw new Error('InvalidStateError: no remote description');
      this.candidates.push(candidate);
    });
  }

  close(): void {
    this.closed = true;
    this.signalingState = 'closed';
    this.connectionState = 'closed';
    for (const channel of this.channels) {
      const { twin } = channel;
      channel.break();
      setImmediate(() => twin?.break());
    }
  }

  /** Acts as if ICE and DTLS had got there. */
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
    this.#openChannels();
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  /** Acts as if ICE had got there. */
  becomeIce(state: RTCIceConnectionState): void {
    this.iceConnectionState = state;
    this.dispatchEvent(new Event('iceconnectionstatechange'));
  }

  get ufrag(): string {
    return `u${this.sessionId}r${this.restarts}`;
  }

  #add(transceiver: FakeTransceiver): FakeTransceiver {
    this.#transceivers.push(transceiver);
    this.#updateFlag();
    return transceiver;
  }

  // As soon as there is a path and both have the section; the other end hears of a channel by ondatachannel.
  #openChannels(): void {
    const negotiated = [this.#local, this.#remote].every((sections) => sections.some(isData));
    const id = /^o=\S+ (\S+)/m.exec(this.remoteDescription?.sdp ?? '')?.[1];
    if (!negotiated || this.connectionState !== 'connected' || this.signalingState !== 'stable') return;
    const peer = FakePeerConnection.made.find(({ sessionId }) => sessionId === id);
    for (const channel of this.channels.filter(({ readyState, twin }) => readyState === 'connecting' && !twin)) {
      const twin = peer?.take(channel) ?? FakePeerConnection.server?.accept(this.sessionId, channel);
      if (!twin) continue;
      [channel.twin, twin.twin] = [twin, channel];
      for (const end of [twin, channel]) end.open();
    }
  }

  /** The other end has opened a channel in-band. */
  take(channel: FakeChannel): FakeChannel {
    const twin = new FakeChannel(channel.label, channel.options);
    this.channels.push(twin);
    this.ondatachannel?.({ channel: twin });
    return twin;
  }

  #setLocalOffer(): void {
    this.#remember();
    if (this.channels.length > 0 && !this.#local.some(isData)) {
      this.#local.push({ mid: this.#freeMid(), kind: 'application', direction: 'sendrecv' });
    }
    for (const transceiver of this.#transceivers) {
      if (transceiver.mid !== null || transceiver.direction === 'stopped') continue;
      transceiver.mid = this.#freeMid();
      this.#local.push({ mid: transceiver.mid, kind: transceiver.kind, direction: transceiver.direction });
    }
    this.#local = this.#local.map((section) => ({
      ...section,
      direction: isData(section) ? section.direction : (this.#at(section.mid)?.direction ?? 'inactive'),
    }));
    this.#restart = false;
    this.localDescription = this.#write('offer', this.#local);
    this.signalingState = 'have-local-offer';
  }

  #setLocalAnswer(): void {
    this.#local = this.#remote.map(({ mid, kind, direction }) => {
      if (kind === 'application') return { mid, kind, direction };
      const transceiver = this.#at(mid);
      const answered = meet(direction, transceiver?.direction ?? 'inactive');
      if (transceiver) transceiver.currentDirection = answered;
      return { mid, kind, direction: answered };
    });
    this.localDescription = this.#write('answer', this.#local);
    this.#becomeStable();
  }

  #setRemoteOffer(description: { type: RTCSdpType; sdp: string }): void {
    if (this.signalingState === 'have-local-offer') this.#rollBack();
    if (this.signalingState !== 'stable') throw new Error('InvalidStateError: offer in ' + this.signalingState);
    this.#remember();
    this.#remote = read(description.sdp);
    for (const { mid, kind } of this.#remote) {
      if (this.#at(mid) || kind === 'application') continue;
      const transceiver = this.#add(new FakeTransceiver(kind, 'recvonly', null, () => this.#updateFlag()));
      transceiver.mid = mid;
    }
    this.remoteDescription = description;
    this.signalingState = 'have-remote-offer';
  }

  #setRemoteAnswer(description: { type: RTCSdpType; sdp: string }): void {
    if (this.signalingState !== 'have-local-offer')
      throw new Error('InvalidStateError: answer in ' + this.signalingState);
    this.#remote = read(description.sdp);
    if (this.#remote.length !== this.#local.length) throw new Error('InvalidAccessError: other sections than offered');
    for (const { mid, direction } of this.#remote.filter((section) => !isData(section))) {
      const transceiver = this.#at(mid);
      if (!transceiver) throw new Error(`InvalidAccessError: answer to an unknown section ${mid}`);
      transceiver.currentDirection = flip[direction];
    }
    this.remoteDescription = description;
    this.#becomeStable();
  }

  #becomeStable(): void {
    this.signalingState = 'stable';
    this.#stable = undefined;
    this.#flag = false;
    this.#updateFlag();
    this.#openChannels();
  }

  #remember(): void {
    const mids = new Map(this.#transceivers.map((transceiver) => [transceiver, transceiver.mid]));
    this.#stable ??= { local: [...this.#local], remote: [...this.#remote], mids };
  }

  #rollBack(): void {
    const { local, remote, mids } = this.#stable ?? { local: [], remote: [], mids: new Map<FakeTransceiver, null>() };
    this.#local = local;
    this.#remote = remote;
    for (const transceiver of this.#transceivers) transceiver.mid = mids.get(transceiver) ?? null;
    this.#stable = undefined;
    this.signalingState = 'stable';
  }

  #at(mid: string): FakeTransceiver | undefined {
    return this.#transceivers.find((transceiver) => transceiver.mid === mid);
  }

  #freeMid(): string {
    const isTaken = () => [...this.#local, ...this.#remote].some(({ mid }) => mid === String(this.#mids));
    while (this.#at(String(this.#mids)) || isTaken()) this.#mids += 1;
    return String(this.#mids);
  }

  #write(type: RTCSdpType, sections: Section[]): { type: RTCSdpType; sdp: string } {
    const lines = sections.map(({ mid, kind, direction }) => `m=${kind} ${mid} ${direction}`);
    const origin = `o=- ${this.sessionId} ${++this.#version} IN IP4 0.0.0.0`;
    return { type, sdp: ['v=0', origin, ...lines, `a=ice-ufrag:${this.ufrag}`, ''].join('\r\n') };
  }

  async #enqueue(operation: () => void): Promise<void> {
    this.#pending += 1;
    const turns = FakePeerConnection.delay();
    const run = this.#chain.then(async () => {
      for (let turn = 0; turn < turns; ++turn) await new Promise((resolve) => setImmediate(resolve));
      if (this.closed) await new Promise(() => undefined); // By the book: it never settles.
      operation();
    });
    this.#chain = run.catch(() => undefined);
    try {
      await run;
    } finally {
      this.#pending -= 1;
      if (this.#pending === 0) this.#updateFlag();
    }
  }

  // 4.7.3: the event comes from a task of its own, and only while stable and with an empty chain.
  #updateFlag(): void {
    if (this.#flag || !this.#isNegotiationNeeded()) return;
    this.#flag = true;
    setImmediate(() => {
      if (!this.#flag || this.closed) return;
      if (this.#pending > 0 || this.signalingState !== 'stable') {
        this.#flag = false; // Looked at again once stable, or once the chain is empty.
        return;
      }
      this.#flag = false;
      if (!this.#isNegotiationNeeded()) return;
      this.#flag = true;
      this.onnegotiationneeded?.();
      this.dispatchEvent(new Event('negotiationneeded'));
    });
  }

  #isNegotiationNeeded(): boolean {
    if (this.closed || this.#pending > 0 || this.signalingState !== 'stable') return false;
    if (this.#restart) return true;
    if (this.channels.length > 0 && !this.#local.some(isData)) return true;
    return this.#transceivers.some(({ mid, direction, currentDirection }) => {
      // As Chromium and Firefox have it: one that is stopped before it got a section asks for ever.
      if (direction === 'stopped') return mid === null;
      if (mid === null) return true;
      const section = this.#local.find((local) => local.mid === mid);
      if (!section) return true;
      const offered = this.localDescription?.type === 'offer';
      if (offered) return section.direction !== direction;
      const remote = this.#remote.find((other) => other.mid === mid);
      return currentDirection !== meet(remote?.direction ?? 'inactive', direction);
    });
  }
}

function isData({ kind }: Section): boolean {
  return kind === 'application';
}

function read(sdp: string): Section[] {
  return [...sdp.matchAll(/^m=(\S+) (\S+) (\S+)/gm)].map(([, kind = '', mid = '', direction = 'inactive']) => ({
    kind,
    mid,
    direction: direction as Direction,
  }));
}
