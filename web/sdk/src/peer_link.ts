import { Emitter } from './emitter';
import type { IceServers } from './ice_servers';
import { LinkSenders, type Outgoing } from './link_senders';
import { readSources, receivedTracks } from './link_receivers';
import { PeerProbe, type LinkLog } from './log/peer_probe';
import { mark } from './marks';
import { readReports, type MediaPath, type Report } from './media_path';
import { Negotiation } from './negotiation';
import { PathKeeper } from './path_keeper';
import type { CandidateMessage, DescriptionMessage, Source } from './protocol';
import { sessionIdOf } from './sdp';
import type { UdpTrial } from './udp_trial';
import { makePeerConnection } from './warm';

/** How media with one participant is: `interrupted` once it was connected and is not for now. */
export type LinkState = 'connecting' | 'connected' | 'interrupted' | 'closed';

export interface LinkEvents {
  state: LinkState;
  /** A track of theirs began, or ended (`receiver` undefined). */
  track: { source: Source; receiver: RTCRtpReceiver | undefined };
  /** The other side opened a data channel. */
  channel: RTCDataChannel;
  /** The browser refused what the other side sent. */
  error: unknown;
}

export interface LinkOptions {
  /** Our participant id and theirs: the greater one is polite. */
  readonly selfSid: string;
  readonly sid: string;
  readonly iceServers: IceServers;
  /** By which to find out whether UDP carries; without it, UDP is what it is. */
  readonly udpTrial?: UdpTrial | undefined;
  /** Whether we call, or wait to be called: the one who came later calls. */
  readonly calls: boolean;
  /** Where to note what happens. */
  readonly log?: LinkLog | undefined;
  /** What to send now; {@link PeerLink.updateOutgoing} tells of changes. */
  readonly outgoing: Outgoing;
  /** Hand a message to the other side. May be lost: {@link PeerLink.resync} repairs it. */
  sendDescription(message: DescriptionMessage): void;
  sendCandidate(candidate: CandidateMessage | null): void;
}

/** A connection that broke is given this long to mend itself before ICE restarts, in milliseconds. */
export const kDisconnectedGrace = 3000;
/** An ICE restart that did not connect is tried again after this long, twice as long each time. */
export const kRestartInterval = 8000;
const kMaxRestartInterval = 30000;
/** Who waits to be called calls by itself after this long, in milliseconds. */
export const kCallTimeout = 6000;

type Timer = ReturnType<typeof setTimeout>;

/**
 * The media path to one other participant, kept alive for as long as they are in the room. It owns
 * one peer connection at a time. When the other side comes with a new one (they reloaded their end),
 * ours is replaced, and whatever the old one still reports is ignored.
 *
 * Owner: Room.
 */
export class PeerLink extends Emitter<LinkEvents> implements MediaPath {
  readonly way = 'direct';
  readonly sid: string;
  readonly #options: LinkOptions;
  readonly #path: PathKeeper;
  #outgoing: Outgoing;
  #connection: Connection;
  #state: LinkState = 'connecting';
  #receivers = new Map<Source, RTCRtpReceiver>();
  #restartTimer: Timer | undefined;
  #restarts = 0;
  #callTimer: Timer | undefined;

  constructor(options: LinkOptions) {
    super();
    this.sid = options.sid;
    this.#options = options;
    this.#outgoing = options.outgoing;
    this.#path = new PathKeeper({
      iceServers: options.iceServers,
      role: isPolite(options) ? 'polite' : 'first',
      trial: options.udpTrial,
      restart: () => void this.#restart(),
      replace: () => {
        this.#replaceConnection();
        this.#call();
      },
      note: (step, about) => this.#connection.probe?.note(step, about),
    });
    this.#connection = this.#connect();
    if (options.calls) this.#call();
    else this.#callTimer = setTimeout(() => this.#call(), kCallTimeout);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Their tracks, by what they show. */
  get receivers(): ReadonlyMap<Source, RTCRtpReceiver> {
    return this.#receivers;
  }

  /** The connection in use, for statistics and the curious. */
  get peerConnection(): RTCPeerConnection {
    return this.#connection.pc;
  }

  /**
   * Opens a data channel, in-band (RFC 8832): the first one makes the browser ask for an offer, so nobody who
   * needs none pays for it, and a client that knows nothing of it answers all the same.
   */
  openChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel | undefined {
    return this.#state === 'closed' ? undefined : this.#connection.pc.createDataChannel(label, options);
  }

  report(): Promise<Report[]> {
    return readReports(this.#connection.pc);
  }

  sender(source: Source): RTCRtpSender | undefined {
    return this.#connection.senders.sender(source);
  }

  updateOutgoing(outgoing: Outgoing): void {
    this.#outgoing = outgoing;
    if (this.#connection.isOpen) this.#connection.senders.update(outgoing);
  }

  /** Takes in the other side's offer or answer. */
  handleDescription(message: DescriptionMessage): void {
    if (this.#state === 'closed') return;
    clearTimeout(this.#callTimer);
    if (this.#connection.isForeign(message)) this.#replaceConnection();
    this.#connection.probe?.noteDescription(message, 'received');
    const isToEarlierSelf = message.type === 'answer' && !this.#connection.isOpen;
    if (isToEarlierSelf) this.#call();
    else void this.#connection.negotiation.handleDescription(message);
  }

  /** Takes in a candidate of theirs; null says that no more will come. */
  handleCandidate(candidate: CandidateMessage | null): void {
    if (this.#state === 'closed') return;
    this.#connection.probe?.noteCandidate(candidate);
    this.#connection.negotiation.handleCandidate(candidate);
  }

  /** Messages may have been lost, as one of us had lost the server: says again what is still open. */
  resync(): void {
    if (this.#state === 'closed') return;
    const { pc, negotiation } = this.#connection;
    negotiation.resend();
    if (pc.connectionState === 'disconnected' || pc.connectionState === 'failed') this.restartIce();
  }

  /** Looks for a new path. Either side may; offers that cross are what perfect negotiation is for. */
  restartIce(): void {
    void this.#restart();
    this.#restartAfter(Math.min(kRestartInterval * 2 ** this.#restarts, kMaxRestartInterval));
    this.#restarts += 1;
  }

  /** Ends the link for good. */
  close(): void {
    clearTimeout(this.#callTimer);
    clearTimeout(this.#restartTimer);
    this.#path.close();
    this.#connection.close();
    this.#setState('closed');
    this.#setReceivers(new Map());
  }

  #connect(): Connection {
    const options = this.#options;
    const connection = new Connection({
      polite: isPolite(options),
      log: options.log,
      configuration: this.#path.configuration,
      outgoing: () => this.#outgoing,
      sendDescription: (message) => options.sendDescription(message),
      sendCandidate: (candidate) => options.sendCandidate(candidate),
      onConnectionState: () => this.#onConnectionState(),
      onReceivers: (receivers) => this.#setReceivers(receivers),
      onChannel: (channel) => this.emit('channel', channel),
      onError: (error) => this.emit('error', error),
    });
    this.#path.watch(connection.pc);
    return connection;
  }

  // With a login that is not about to end: what is gathered now may have to do for hours.
  async #restart(): Promise<void> {
    const connection = this.#connection;
    const renewal = this.#options.iceServers.renew(Date.now());
    if (renewal) await renewal;
    if (this.#state === 'closed' || connection !== this.#connection) return;
    connection.probe?.note('ice-restart');
    this.#path.configure();
    connection.pc.restartIce();
  }

  // Adding what we send makes the browser ask for an offer (`negotiationneeded`).
  #call(): void {
    clearTimeout(this.#callTimer);
    if (this.#state !== 'closed') this.#connection.open();
  }

  #replaceConnection(): void {
    clearTimeout(this.#restartTimer);
    this.#restarts = 0;
    this.#connection.probe?.note('connection-replaced');
    this.#connection.close();
    this.#connection = this.#connect();
    this.#setReceivers(new Map());
    this.#setState('connecting');
  }

  #onConnectionState(): void {
    switch (this.#connection.pc.connectionState) {
      case 'connected':
        clearTimeout(this.#restartTimer);
        this.#restarts = 0;
        mark('connected');
        return this.#setState('connected');
      case 'disconnected':
        this.#restartAfter(kDisconnectedGrace);
        return this.#setState('interrupted');
      case 'failed':
        this.#path.failed();
        this.restartIce();
        return this.#setState('interrupted');
      default:
    }
  }

  #restartAfter(delay: number): void {
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(() => this.restartIce(), delay);
  }

  #setReceivers(receivers: Map<Source, RTCRtpReceiver>): void {
    const before = this.#receivers;
    this.#receivers = receivers;
    for (const [source] of before) {
      if (!receivers.has(source)) this.emit('track', { source, receiver: undefined });
    }
    for (const [source, receiver] of receivers) {
      if (before.get(source) !== receiver) this.emit('track', { source, receiver });
    }
  }

  #setState(state: LinkState): void {
    if (state === this.#state || this.#state === 'closed') return;
    this.#state = state;
    this.emit('state', state);
  }
}

interface ConnectionOptions extends Pick<LinkOptions, 'log' | 'sendDescription' | 'sendCandidate'> {
  readonly configuration: RTCConfiguration;
  readonly polite: boolean;
  outgoing(): Outgoing;
  onConnectionState(): void;
  onReceivers(receivers: Map<Source, RTCRtpReceiver>): void;
  onChannel(channel: RTCDataChannel): void;
  onError(error: unknown): void;
}

/** One peer connection of a link, with its negotiation and senders. Says nothing more once closed. */
class Connection {
  readonly pc: RTCPeerConnection;
  readonly negotiation: Negotiation;
  readonly senders: LinkSenders;
  readonly probe: PeerProbe | undefined;
  readonly #options: ConnectionOptions;
  #open = false;
  #remoteSessionId: string | undefined;
  #declaredSources: DescriptionMessage['sources'];
  #remoteSources = new Map<string, Source>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.pc = makePeerConnection(options.configuration);
    this.probe = options.log && new PeerProbe(this.pc, options.log);
    this.senders = new LinkSenders(this.pc);
    this.negotiation = new Negotiation({
      pc: this.pc,
      polite: options.polite,
      send: ({ type, sdp }) => this.#sendDescription(type, sdp),
      onAccept: (message) => this.#onAccept(message),
      onRemoteDescription: () => this.#onRemoteDescription(),
      prepareAnswer: () => this.#prepareAnswer(),
      onError: (error) => this.#onError(error),
    });
    // Browsers may ask before there is anything to offer; an offer without sections breaks the connection.
    this.pc.onnegotiationneeded = () => void (this.#open && this.negotiation.offer());
    this.pc.onicecandidate = ({ candidate }) => options.sendCandidate(toMessage(candidate));
    this.pc.onconnectionstatechange = () => options.onConnectionState();
    this.pc.ondatachannel = ({ channel }) => options.onChannel(channel);
  }

  /** Whether own media has been put in: before, there is nothing to negotiate. */
  get isOpen(): boolean {
    return this.#open;
  }

  open(): void {
    this.#open = true;
    this.senders.update(this.#options.outgoing());
  }

  /** Whether a description comes from another peer connection than the one we are connected with. */
  isForeign({ sdp }: DescriptionMessage): boolean {
    const id = sessionIdOf(sdp);
    return this.#remoteSessionId !== undefined && id !== undefined && id !== this.#remoteSessionId;
  }

  close(): void {
    this.probe?.close();
    this.negotiation.close();
    this.pc.onnegotiationneeded = this.pc.onicecandidate = this.pc.onconnectionstatechange = null;
    this.pc.ondatachannel = null;
    this.pc.close();
  }

  #onAccept({ sdp, sources }: DescriptionMessage): void {
    this.#remoteSessionId ??= sessionIdOf(sdp);
    this.#declaredSources = sources;
  }

  #onRemoteDescription(): void {
    this.#remoteSources = readSources(this.#declaredSources, this.pc.getTransceivers());
    this.#options.onReceivers(receivedTracks(this.pc, this.#remoteSources));
  }

  #prepareAnswer(): void {
    this.#open = true;
    this.senders.adopt(this.#options.outgoing(), this.#remoteSources);
  }

  #sendDescription(type: RTCSdpType, sdp: string): void {
    mark('offer');
    const message = { type, sdp, sources: this.senders.sources() };
    this.probe?.noteDescription(message, 'sent');
    this.#options.sendDescription(message);
  }

  #onError(error: unknown): void {
    this.probe?.note('error', { message: String(error) });
    this.#options.onError(error);
  }
}

function isPolite({ selfSid, sid }: LinkOptions): boolean {
  return selfSid > sid;
}

// RTCIceCandidate.toJSON, with every field named.
function toMessage(candidate: RTCIceCandidate | null): CandidateMessage | null {
  if (!candidate) return null;
  const { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } = candidate;
  return { candidate: line, sdpMid, sdpMLineIndex, usernameFragment };
}
