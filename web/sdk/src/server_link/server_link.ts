import { Emitter } from '../emitter';
import { asError, SignalError } from '../errors';
import type { IceServers } from '../ice_servers';
import type { Outgoing } from '../link_senders';
import type { LinkLog } from '../log/peer_probe';
import { mark } from '../marks';
import type { Report } from '../media_path';
import { PathKeeper } from '../path_keeper';
import type { LinkState } from '../peer_link';
import type { MediaOffer, ServerEvent, Source, Slot } from '../protocol';
import { withoutTcp } from '../sdp';
import type { UdpTrial } from '../udp_trial';
import { configurationOf } from '../warm';
import type { Wire } from '../wire';
import { LateRelays } from './late_relays';
import { ServerConnection } from './server_connection';
import { Slots } from './slots';
import { kFirstVideoSlots } from './video_slots';

export interface ServerLinkEvents {
  state: LinkState;
  /** Whose slots changed, by sid. */
  slots: ReadonlySet<string>;
  /** There is another connection, with channels for messages of its own; they are not open yet. */
  channels: { readonly reliable: RTCDataChannel; readonly unreliable: RTCDataChannel };
  error: unknown;
}

export interface ServerLinkOptions {
  readonly wire: Pick<Wire, 'request' | 'state'>;
  readonly iceServers: IceServers;
  readonly udpTrial?: UdpTrial | undefined;
  /** For so many pictures there is to be room, if there are so many. */
  readonly videoSlots: number;
  readonly log: () => LinkLog | undefined;
  /** What to send now. */
  readonly outgoing: () => Outgoing;
}

/** A path that broke is given this long to mend itself before ICE restarts, in milliseconds. */
export const kServerGrace = 1000;
/** So long may connecting, or a restart, take before a new connection is made, in milliseconds. */
export const kServerPatience = 6000;
/** A new connection is made after this, twice as long each time, in milliseconds. */
export const kServerRetry = 1000;
const kMaxRetry = 16_000;
/** More slots are offered once more pictures are shown for so long: a page that is drawn first changes its mind. */
export const kMoreShown = 400;
/** The same where the application has not said what it shows. */
export const kNothingSaid = 4000;

const kNothing: Outgoing = new Map();

type Timer = ReturnType<typeof setTimeout>;

/**
 * Our connection with the media server, kept alive for as long as the room's media goes by it. It owns one
 * RTCPeerConnection at a time: one that breaks gets an ICE restart, one that stays broken is replaced. There is room for a
 * few pictures at first, and once more are shown, for all that a screen shows.
 *
 * `idle` (no connection, or one that only has its offer ready), then from {@link connect} to {@link close} `connecting`,
 * `connected`, or `interrupted`.
 *
 * Owner: People.
 */
export class ServerLink extends Emitter<ServerLinkEvents> {
  readonly slots = new Slots();
  readonly #options: ServerLinkOptions;
  #path: PathKeeper;
  #connection: ServerConnection | undefined;
  #videoSlots: number;
  // How many pictures the application shows; undefined before it said so: then all there are.
  #shown: number | undefined;
  #wanted = false;
  #state: LinkState = 'closed';
  #layers = new Map<Source, readonly string[]>();
  #attempts = 0;
  #timer: Timer | undefined;
  readonly #relays = new LateRelays(() => this.#addRelays());
  #growth: { readonly timer: Timer; readonly patience: number } | undefined;
  readonly #onOnline = () => this.#onNetwork();

  constructor(options: ServerLinkOptions) {
    super();
    this.#options = options;
    this.#path = this.#keeper();
    this.#videoSlots = Math.min(kFirstVideoSlots, options.videoSlots);
    globalThis.window?.addEventListener?.('online', this.#onOnline);
  }

  get state(): LinkState {
    return this.#state;
  }

  get peerConnection(): RTCPeerConnection | undefined {
    return this.#connection?.pc;
  }

  /** Whether there is a connection that could carry media, or is on its way to it. */
  get isWanted(): boolean {
    return this.#wanted;
  }

  /** The offer that waits to be sent; undefined where none was prepared. */
  get offer(): MediaOffer | undefined {
    return this.#wanted ? undefined : this.#connection?.offer;
  }

  /** Makes connection and offer ahead of time. Never rejects: without one, {@link connect} makes it. */
  async prepare(): Promise<void> {
    if (this.#connection) return;
    const connection = this.#make();
    try {
      await connection.makeOffer();
    } catch (error) {
      if (connection === this.#connection) this.#drop();
      this.emit('error', asError(error));
    }
  }

  /** The join that carries our offer has been sent. */
  noteOffered(): void {
    this.#connection?.noteSent();
  }

  /** Media is to go by the server; `answer` is to the offer that it has of us already. */
  connect(answer?: string): void {
    if (this.#wanted && answer === undefined) return;
    this.#wanted = true;
    this.#attempts = 0;
    if (this.#state === 'closed') this.#setState('connecting');
    this.#connection?.update(this.#options.outgoing());
    if (answer !== undefined && this.#connection?.offer) void this.#accept(this.#connection, answer);
    else void this.#open();
  }

  /** Media no longer goes by the server. */
  close(): void {
    this.#wanted = false;
    this.#layers.clear();
    this.#drop();
    this.#path.close();
    this.#path = this.#keeper(); // What the network is like may be another thing the next time.
    this.#setState('closed');
  }

  /** The room is over for us. */
  end(): void {
    globalThis.window?.removeEventListener?.('online', this.#onOnline);
    this.close();
  }

  /** What we send changed. */
  updateOutgoing(): void {
    if (this.#wanted) this.#connection?.update(this.#options.outgoing());
  }

  /** Our requests may have been lost, as we had lost the server. */
  resync(): void {
    if (!this.#wanted) return;
    if (this.#state === 'connected') return void this.#offerMoreSlots();
    // Only a connection that the server has answered can be restarted.
    if (this.#state === 'interrupted' && this.#connection?.pc.remoteDescription) void this.#restart();
    else void this.#replace();
  }

  /** The server has forgotten our connection. */
  renew(): void {
    if (this.#wanted) void this.#replace();
  }

  /** So many pictures are shown from now on. */
  show(pictures: number): void {
    this.#shown = pictures;
    this.#growSoon();
  }

  assign(slots: readonly Slot[]): void {
    this.#tellSlots(this.slots.assign(slots, performance.now()));
    this.#growSoon();
  }

  setLayers({ source, active }: ServerEvent<'layers'>): void {
    this.#layers.set(source, active);
    this.#connection?.setActive(source, active);
  }

  /** Notes what only the owner knows. */
  note: NonNullable<ServerConnection['probe']>['note'] = (step, details) =>
    this.#connection?.probe?.note(step, details);

  async report(): Promise<Report[]> {
    return (await this.#connection?.report()) ?? [];
  }

  #keeper(): PathKeeper {
    const { iceServers, udpTrial: trial, wire } = this.#options;
    return new PathKeeper({
      ...{ iceServers, trial, role: 'sole' },
      restart: () => void this.#restart(),
      // Without signalling there would be none in place of what carries after all.
      replace: () => void (wire.state === 'joined' && this.#replace()),
      note: (step, about) => this.note(step, about),
    });
  }

  #make(): ServerConnection {
    const { log, outgoing } = this.#options;
    // The server has a public address, by UDP and TCP: nobody's join waits for relays that hardly anyone needs.
    const configuration = this.#attempts > 0 ? this.#path.configuration : configurationOf([]);
    const connection = new ServerConnection({
      ...{ configuration, videoSlots: this.#videoSlots, log: log() },
      onState: (state) => connection === this.#connection && this.#onState(state),
    });
    this.#connection = connection;
    this.#path.watch(connection.pc);
    connection.update(this.#wanted ? outgoing() : kNothing);
    const { channel: reliable, unreliable } = connection.sections;
    this.emit('channels', { reliable, unreliable });
    return connection;
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#relays.forget();
    this.#forgetGrowth();
    this.#connection?.close();
    this.#connection = undefined;
    const before = this.slots.clear();
    this.slots.attach([], performance.now());
    this.#tellSlots(before);
  }

  async #open(): Promise<void> {
    const connection = this.#connection ?? this.#make();
    await this.#negotiate(connection, false);
  }

  async #restart(): Promise<void> {
    const connection = this.#connection;
    const { iceServers, wire } = this.#options;
    await iceServers.renew(Date.now());
    if (!connection || connection !== this.#connection || wire.state !== 'joined') return; // resync() comes.
    connection.probe?.note('ice-restart');
    this.#path.configure();
    await this.#negotiate(connection, true);
  }

  #addRelays(): void {
    if (this.#options.iceServers.current.length === 0) return;
    this.#connection?.probe?.note('relays-added');
    void this.#restart();
  }

  get #isTooSmall(): boolean {
    const isFull = this.#state === 'connected' && this.slots.isFull && this.#videoSlots < this.#options.videoSlots;
    return isFull && (this.#shown === undefined || this.#shown > this.#videoSlots);
  }

  #growSoon(): void {
    const patience = this.#shown === undefined ? kNothingSaid : kMoreShown;
    if (!this.#isTooSmall) return this.#forgetGrowth();
    if (this.#growth?.patience === patience) return;
    this.#forgetGrowth();
    this.#growth = { patience, timer: setTimeout(() => this.#grow(), patience) };
  }

  #forgetGrowth(): void {
    clearTimeout(this.#growth?.timer);
    this.#growth = undefined;
  }

  #grow(): void {
    const { videoSlots } = this.#options;
    const connection = this.#connection;
    this.#growth = undefined;
    if (!connection || !this.#isTooSmall) return;
    connection.sections.addVideoSlots(videoSlots - this.#videoSlots);
    this.#videoSlots = videoSlots;
    connection.probe?.note('slots-added');
    void this.#offerMoreSlots();
  }

  // What is seen goes on meanwhile, and if this fails: then {@link resync}, a restart or the next connection brings them.
  async #offerMoreSlots(): Promise<void> {
    const connection = this.#connection;
    if (!connection?.hasNewSlots) return;
    try {
      const offer = await connection.makeOffer();
      if (connection !== this.#connection || connection.offer !== offer) return;
      connection.noteSent();
      const { answer } = await this.#options.wire.request('negotiate', { offer, renegotiate: true });
      if (connection.offer === offer) await this.#accept(connection, answer);
    } catch (error) {
      if (connection === this.#connection && !isOffline(error)) this.emit('error', asError(error));
    }
  }

  #replace(): Promise<void> {
    this.#connection?.probe?.note('connection-replaced');
    this.#attempts += 1;
    this.#drop();
    if (this.#state === 'connected') this.#setState('interrupted');
    return this.#open();
  }

  async #negotiate(connection: ServerConnection, restart: boolean): Promise<void> {
    this.#replaceAfter(kServerPatience);
    try {
      const offer = (!restart && connection.offer) || (await connection.makeOffer(restart));
      if (connection !== this.#connection) return;
      connection.noteSent();
      const request = { offer, ...(restart && { renegotiate: true }) };
      const { answer } = await this.#options.wire.request('negotiate', request);
      await this.#accept(connection, answer);
    } catch (error) {
      if (connection === this.#connection) this.#onRefused(error);
    }
  }

  async #accept(connection: ServerConnection, answer: string): Promise<void> {
    if (connection !== this.#connection) return;
    if (this.#state !== 'connected') this.#replaceAfter(kServerPatience);
    try {
      const hasNewSlots = connection.hasNewSlots;
      const accepted = connection.accept(this.#path.avoidsTcp ? withoutTcp(answer) : answer);
      if (hasNewSlots) this.#tellSlots(this.slots.attach(connection.sections.slots, performance.now()));
      await accepted;
      if (connection === this.#connection && this.#state === 'connecting') this.#relays.watch(connection);
      if (this.#state === 'connected') clearTimeout(this.#timer);
      for (const [source, active] of this.#layers) connection.setActive(source, active);
    } catch (error) {
      if (connection !== this.#connection) return;
      this.emit('error', asError(error));
      this.#replaceAfter(this.#delay);
    }
  }

  #onState(state: RTCPeerConnectionState): void {
    if (!this.#wanted) return;
    if (state === 'connected') {
      clearTimeout(this.#timer);
      this.#relays.forget();
      this.#attempts = 0;
      mark('connected');
      this.#setState('connected');
      this.#growSoon();
    } else if (state === 'disconnected' || state === 'failed') {
      if (state === 'failed') this.#path.failed();
      this.#setState(this.#state === 'connecting' ? 'connecting' : 'interrupted');
      if (this.#state === 'connecting') return state === 'failed' ? this.#replaceAfter(this.#delay) : undefined;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#restart(), state === 'failed' ? 0 : kServerGrace);
    }
  }

  #onNetwork(): void {
    if (this.#wanted && this.#state !== 'connecting') void this.#restart();
  }

  // Lost with the signalling is normal, and resync() repairs it.
  #onRefused(error: unknown): void {
    if (isOffline(error)) return clearTimeout(this.#timer);
    const isLate = error instanceof SignalError && error.code === 'timeout';
    if (!isLate) this.emit('error', asError(error));
    this.#replaceAfter(this.#delay);
  }

  get #delay(): number {
    return Math.min(kServerRetry * 2 ** this.#attempts, kMaxRetry);
  }

  #replaceAfter(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#path.failed();
      void this.#replace();
    }, delay);
  }

  #tellSlots(concerned: ReadonlySet<string>): void {
    if (concerned.size > 0) this.emit('slots', concerned);
  }

  #setState(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }
}

function isOffline(error: unknown): boolean {
  return error instanceof SignalError && error.code === 'offline';
}
