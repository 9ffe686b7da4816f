import { Emitter } from './emitter';
import { asError, SignalError } from './errors';
import type { LocalMedia } from './local_media';
import { mark } from './marks';
import { applyBudget, cameraBudget } from './mesh_budget';
import { OwnVoice } from './own_voice';
import { Participant } from './participant';
import { PeerLink } from './peer_link';
import type {
  JoinRequest,
  LeaveReason,
  MediaFlags,
  ParticipantInfo,
  ServerEvent,
  Source,
  Topology,
  Welcome,
} from './protocol';
import { Publications } from './publications';
import { reconcile } from './roster';
import { Signalling, type RoomState, type SignalSocket } from './signalling';
import { summarize, type Counters, type LinkStats } from './stats';

export interface RoomEvents {
  /** Anything that can be seen changed: draw again. */
  change: undefined;
  state: RoomState;
  /** Someone came in; not emitted for those who were there when we joined. */
  joined: Participant;
  left: { participant: Participant; reason: LeaveReason };
  media: Participant;
  away: Participant;
  back: Participant;
  /** A track of theirs began (`track`), or ended (undefined). */
  track: { participant: Participant; source: Source; track: MediaStreamTrack | undefined };
  /** Someone began or stopped speaking; undefined: it is us. */
  speaking: Participant | undefined;
  /** The same participant came back in another tab; this one is out. */
  replaced: undefined;
  closing: { reason: string };
  /** Something went wrong that the room survives. */
  error: Error;
}

export interface RoomOptions {
  readonly socket: SignalSocket;
  readonly room: string;
  readonly name: string;
  readonly topology?: Topology | undefined;
  readonly media: LocalMedia;
}

/** How often levels are read, in milliseconds. */
const kLevelInterval = 100;

/**
 * A meeting one takes part in: who is there, what they show, and the way back when a connection
 * breaks. Make one with {@link join}.
 */
export class Room extends Emitter<RoomEvents> {
  /** What we show and say. */
  readonly media: LocalMedia;
  readonly #request: Pick<JoinRequest, 'room' | 'name' | 'topology'>;
  readonly #signalling: Signalling;
  readonly #participants = new Map<string, Participant>();
  // Participants that may still come back after a server restart, with what drops them.
  readonly #held = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #counters = new Map<string, Counters>();
  readonly #ready: Promise<void>;
  readonly #voice = new OwnVoice();
  readonly #publications: Publications;
  readonly #stops: (() => void)[] = [];
  #welcome: Welcome | undefined;
  #toldFlags: MediaFlags | undefined;
  #levels: ReturnType<typeof setInterval> | undefined;

  constructor({ socket, media, ...request }: RoomOptions) {
    super();
    this.media = media;
    this.#publications = new Publications(media);
    this.#request = request;
    this.#signalling = new Signalling(socket, () => this.#joinRequest());
    this.#ready = new Promise((resolve, reject) => {
      this.once('state', (state) => {
        if (state === 'joined') resolve();
        else reject(this.error ?? new SignalError(state, 'The room was left.'));
      });
    });
    this.#ready.catch(() => undefined); // Whoever does not wait for it must not be told either.
    this.#listen();
    this.#signalling.connect();
  }

  /** Resolves once joined; rejects with a {@link SignalError} if the server refuses. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  get state(): RoomState {
    return this.#signalling.state;
  }

  /** Why the state is `failed`, or why the last attempt to connect failed. */
  get error(): SignalError | undefined {
    return this.#signalling.error;
  }

  /** Our participant id; undefined before the first join. */
  get sid(): string | undefined {
    return this.#welcome?.sid;
  }

  /** Our name, as others see it. */
  get name(): string {
    return this.#request.name;
  }

  /** The room's name; the server folds it to lower case. */
  get room(): string {
    return this.#welcome?.room ?? this.#request.room;
  }

  get topology(): Topology | undefined {
    return this.#welcome?.topology;
  }

  /** The others, by `sid`, in the order of joining. */
  get participants(): ReadonlyMap<string, Participant> {
    return this.#participants;
  }

  /** How loud we are, 0 to 1. */
  get level(): number {
    return this.#voice.level;
  }

  get speaking(): boolean {
    return this.#voice.speaking;
  }

  /** Sends a track of one's own (a canvas, a file) in place of a device. */
  publish(source: Source, track: MediaStreamTrack): void {
    this.#publications.publish(source, track);
    this.#updateOutgoing();
  }

  /** Ends {@link publish}; the device takes over again. */
  unpublish(source: Source): void {
    this.#publications.unpublish(source);
    this.#updateOutgoing();
  }

  /** The state of each link, by `sid`. Rates are since the last call. */
  async stats(): Promise<Map<string, LinkStats>> {
    const entries = [...this.#participants.values()].map(async ({ sid, link }) => {
      const report: Record<string, unknown>[] = [];
      (await link.peerConnection.getStats()).forEach((entry: Record<string, unknown>) => report.push(entry));
      const { stats, counters } = summarize(report, performance.now(), this.#counters.get(sid));
      this.#counters.set(sid, counters);
      return [sid, stats] as const;
    });
    return new Map(await Promise.all(entries));
  }

  /** Leaves at once. The devices stay on: they belong to whoever made {@link media}. */
  leave(): void {
    this.#signalling.leave();
  }

  #joinRequest(): Omit<JoinRequest, 'resume'> {
    const { micinf, vidinf } = this.#publications.flags;
    this.#toldFlags = { micinf, vidinf, scrinf: false }; // A join cannot tell of a screen.
    const { room, name, topology } = this.#request;
    return { room, name, micinf, vidinf, ...(topology && { topology }) };
  }

  #listen(): void {
    const signalling = this.#signalling;
    signalling.on('welcome', ({ welcome }) => this.#onWelcome(welcome));
    signalling.on('recovered', () => this.#resync());
    signalling.on('state', (state) => this.#onState(state));
    signalling.on('joined', ({ participant }) => this.#onJoined(participant));
    signalling.on('left', ({ sid, reason }) => this.#remove(sid, reason));
    signalling.on('media', ({ sid, ...flags }) => this.#onPresence('media', sid, flags));
    signalling.on('away', ({ sid }) => this.#onPresence('away', sid, { away: true }));
    signalling.on('back', ({ participant }) => this.#onBack(participant));
    signalling.on('description', (message) => this.#onDescription(message));
    signalling.on('candidate', ({ sid, candidate }) => this.#participants.get(sid)?.link.handleCandidate(candidate));
    signalling.on('replaced', () => this.emit('replaced', undefined));
    signalling.on('closing', (closing) => this.emit('closing', closing));
    signalling.on('error', (failure) => this.emit('error', SignalError.from(failure)));
    signalling.on('mismatch', ({ event, error }) => this.emit('error', new Error(`${event}: ${error.message}`)));
    this.#stops.push(
      this.media.on('outgoing', () => this.#updateOutgoing()),
      this.media.on('change', () => this.#onMediaChange()),
      listenToPageHide(() => this.leave()),
    );
  }

  #onState(state: RoomState): void {
    if (state === 'joined') {
      mark('joined');
      this.#levels ??= setInterval(() => this.#measure(), kLevelInterval);
    }
    if (state === 'left' || state === 'failed') this.#close();
    this.emit('state', state);
    this.#changed();
  }

  #onWelcome(welcome: Welcome): void {
    this.#welcome = welcome;
    const known = [...this.#participants.values()].map(({ sid, link }) => ({
      sid,
      connected: link.peerConnection.connectionState === 'connected',
    }));
    const { keep, call, hold, drop } = reconcile(known, welcome);
    for (const sid of drop) this.#remove(sid, 'timeout');
    for (const info of keep) this.#keep(info);
    for (const info of call) this.#add(info, true);
    for (const sid of hold) this.#hold(sid, welcome.graceSeconds);
    this.#tellFlags();
  }

  // Of our messages some may have been lost: what is still open is said again.
  #resync(): void {
    for (const { link } of this.#participants.values()) link.resync();
    this.#tellFlags();
  }

  #onJoined(info: ParticipantInfo): void {
    const known = this.#participants.get(info.sid);
    if (known?.link.peerConnection.connectionState === 'connected') return this.#keep(info);
    const participant = this.#add(info, false);
    if (!known) this.emit('joined', participant);
    this.#changed();
  }

  #onBack(info: ParticipantInfo): void {
    if (!this.#participants.has(info.sid)) return this.#onJoined(info);
    this.#onPresence('back', info.sid, info);
    this.#participants.get(info.sid)?.link.resync();
  }

  #onPresence(event: 'media' | 'away' | 'back', sid: string, change: Partial<ParticipantInfo>): void {
    const participant = this.#participants.get(sid);
    if (!participant) return;
    participant.update(change);
    this.emit(event, participant);
    this.#changed();
  }

  #onDescription({ sid, cname: _, ...message }: ServerEvent<'description'>): void {
    this.#participants.get(sid)?.link.handleDescription(message);
  }

  #add(info: ParticipantInfo, calls: boolean): Participant {
    const before = this.#participants.get(info.sid);
    before?.link.close();
    this.#release(info.sid);
    const participant = new Participant(info, this.#makeLink(info.sid, calls));
    this.#participants.set(info.sid, participant);
    participant.link.on('track', ({ source, receiver }) => {
      this.emit('track', { participant, source, track: receiver?.track });
      this.#changed();
    });
    participant.link.on('state', () => {
      this.#shareBudget();
      this.#changed();
    });
    participant.link.on('error', (error) => this.emit('error', asError(error)));
    return participant;
  }

  #makeLink(sid: string, calls: boolean): PeerLink {
    const signalling = this.#signalling;
    return new PeerLink({
      selfSid: this.#welcome?.sid ?? '',
      sid,
      calls,
      iceServers: this.#welcome?.iceServers ?? [],
      outgoing: this.#publications.outgoing,
      sendDescription: (message) =>
        void signalling
          .request('description', { sid, ...message })
          .catch((error: unknown) => this.#onUndelivered(sid, error)),
      sendCandidate: (candidate) => signalling.send('candidate', { sid, candidate }),
    });
  }

  // Lost with the connection is normal, and resync() repairs it.
  #onUndelivered(sid: string, error: unknown): void {
    if (!(error instanceof SignalError)) return this.emit('error', asError(error));
    if (error.code === 'no-such-participant') this.#remove(sid, 'left');
    else if (error.code !== 'offline' && error.code !== 'timeout') this.emit('error', error);
  }

  #keep(info: ParticipantInfo): void {
    this.#release(info.sid);
    const participant = this.#participants.get(info.sid);
    participant?.update(info);
    participant?.link.resync();
    this.#changed();
  }

  #hold(sid: string, seconds: number): void {
    this.#participants.get(sid)?.update({ away: true });
    this.#release(sid);
    this.#held.set(
      sid,
      setTimeout(() => this.#remove(sid, 'timeout'), seconds * 1000),
    );
  }

  #release(sid: string): void {
    clearTimeout(this.#held.get(sid));
    this.#held.delete(sid);
  }

  #remove(sid: string, reason: LeaveReason): void {
    const participant = this.#participants.get(sid);
    if (!participant) return;
    this.#release(sid);
    this.#participants.delete(sid);
    this.#counters.delete(sid);
    participant.link.close();
    this.emit('left', { participant, reason });
    this.#shareBudget();
    this.#changed();
  }

  #updateOutgoing(): void {
    const outgoing = this.#publications.outgoing;
    for (const { link } of this.#participants.values()) link.updateOutgoing(outgoing);
    this.#onMediaChange();
  }

  #onMediaChange(): void {
    this.#tellFlags();
    this.#changed();
  }

  #tellFlags(): void {
    const flags = this.#publications.flags;
    if (this.state !== 'joined' || JSON.stringify(flags) === JSON.stringify(this.#toldFlags)) return;
    this.#toldFlags = flags;
    this.#signalling.send('media', flags);
  }

  #shareBudget(): void {
    const budget = cameraBudget(this.#participants.size);
    for (const { link } of this.#participants.values()) {
      if (link.state === 'connected') void applyBudget(link.sender('camera'), budget);
    }
  }

  #measure(): void {
    const now = performance.now();
    for (const participant of this.#participants.values()) {
      if (participant.measure(now)) this.#onSpeaking(participant);
    }
    if (this.#voice.measure(now, this.#publications.voice)) this.#onSpeaking(undefined);
  }

  #onSpeaking(participant: Participant | undefined): void {
    this.emit('speaking', participant);
    this.#changed();
  }

  #close(): void {
    for (const stop of this.#stops) stop();
    clearInterval(this.#levels);
    this.#voice.close();
    for (const sid of [...this.#held.keys()]) this.#release(sid);
    for (const { link } of this.#participants.values()) link.close();
    this.#participants.clear();
  }

  #changed(): void {
    this.emit('change', undefined);
  }
}

// A closed tab says goodbye, so that nobody looks at a ghost for half a minute.
function listenToPageHide(leave: () => void): () => void {
  const target: EventTarget | undefined = globalThis.window;
  target?.addEventListener('pagehide', leave);
  return () => target?.removeEventListener('pagehide', leave);
}
