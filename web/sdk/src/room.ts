import { Chat } from './chat/chat';
import { Emitter } from './emitter';
import { SignalError } from './errors';
import { Files } from './files/files';
import { handQueue, type RaisedHand } from './hands';
import { HostControls } from './host_controls';
import type { LocalMedia } from './local_media';
import { CallLog } from './log/call_log';
import { LoggedSocket } from './log/logged_socket';
import { watchDevices, watchRoom } from './log/watch_room';
import { mark } from './marks';
import { OwnVoice } from './own_voice';
import type { Participant } from './participant';
import { People } from './people';
import {
  kOpen,
  type JoinRequest,
  type MediaFlags,
  type RoomSettings,
  type Source,
  type Topology,
  type WaitingPerson,
  type Welcome,
} from './protocol';
import { Publications } from './publications';
import { ReactionLimit } from './reactions';
import type { RoomEnding, RoomEvents } from './room_events';
import { isHost, type SelfInfo } from './self_info';
import { Signalling, type RoomState, type SignalSocket } from './signalling';
import type { LinkStats } from './stats';
import { TodoList } from './todo/todo_list';

export interface RoomOptions {
  readonly socket: SignalSocket;
  readonly room: string;
  readonly name: string;
  readonly topology?: Topology | undefined;
  readonly media: LocalMedia;
  /** When the person asked to join, on the clock of `performance.now()`; now by default. */
  readonly began?: number | undefined;
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
  readonly chat: Chat;
  readonly todo: TodoList;
  readonly files: Files;
  /** What hosts can do; for others the server refuses it. */
  readonly host: HostControls;
  /** What happened when, from the opened link on: for the inspector. */
  readonly log: CallLog;
  readonly #request: Pick<JoinRequest, 'room' | 'name' | 'topology'>;
  readonly #signalling: Signalling;
  readonly #people: People;
  readonly #ready: Promise<void>;
  readonly #voice = new OwnVoice();
  readonly #publications: Publications;
  readonly #reactionLimit = new ReactionLimit();
  readonly #stops: (() => void)[] = [];
  #welcome: Welcome | undefined;
  #self: SelfInfo | undefined;
  #settings = kOpen;
  #waiting: readonly WaitingPerson[] = [];
  #toldFlags: MediaFlags | undefined;
  #levels: ReturnType<typeof setInterval> | undefined;

  constructor({ socket, media, began, ...request }: RoomOptions) {
    super();
    this.media = media;
    this.log = new CallLog({ began, room: request.room, name: request.name });
    this.#publications = new Publications(media);
    this.#request = request;
    this.#signalling = new Signalling(new LoggedSocket(socket, this.log.signalling), () => this.#joinRequest());
    const emit: RoomEmit = (name, event) => this.emit(name, event);
    this.#people = new People({
      signalling: this.#signalling,
      publications: this.#publications,
      log: this.log,
      emit,
    });
    const wire = this.#signalling;
    this.chat = new Chat(wire, () => ({
      sid: this.sid ?? '',
      name: this.name,
      nameOf: (sid) => this.participants.get(sid)?.name,
    }));
    this.todo = new TodoList(wire, () => this.name);
    this.files = new Files();
    this.host = new HostControls(wire, {
      waiting: () => this.#waiting.map(({ sid }) => sid),
      permissionsOf: (sid) => this.participants.get(sid)?.permissions,
      raisedHands: () => this.hands.map(({ sid }) => sid),
    });
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
    return this.#people.all;
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
    const entries = [...this.participants.values()].map(
      async (participant) => [participant.sid, await participant.stats()] as const,
    );
    return new Map(await Promise.all(entries));
  }

  /** What the room knows of us; undefined before the first join. */
  get self(): SelfInfo | undefined {
    return this.#self;
  }

  /** Whether we are its owner or a co-host. */
  get isHost(): boolean {
    return this.#self !== undefined && isHost(this.#self.role);
  }

  get settings(): RoomSettings {
    return this.#settings;
  }

  /** For hosts: who waits to be let in, in the order of coming. */
  get waiting(): readonly WaitingPerson[] {
    return this.#waiting;
  }

  /** Whether the room belongs to an account, and so outlives the meeting. */
  get kept(): boolean {
    return this.#welcome?.kept ?? false;
  }

  /** When the first came, in Unix milliseconds of this computer's clock; undefined before the first join. */
  get startedAt(): number | undefined {
    return undefined;
  }

  /** Who wants to speak, in the order of raising hands; ourselves among them. */
  get hands(): readonly RaisedHand[] {
    return handQueue(this.#self, this.participants.values());
  }

  /** How long we have spoken in this meeting, in milliseconds. */
  get spokeFor(): number {
    return 0;
  }

  /** How it ended for us; undefined while it has not. */
  get ending(): RoomEnding | undefined {
    return undefined;
  }

  /** Raises our hand, or lowers it. */
  async raiseHand(raised: boolean): Promise<void> {
    await this.#signalling.request('hand', { raised });
  }

  /** Sends one of {@link kReactions}; false when there were too many just now. */
  react(emoji: string): boolean {
    if (!this.#reactionLimit.take(performance.now())) return false;
    void this.#signalling.request('react', { emoji }).catch(() => undefined);
    this.emit('reaction', { sid: this.sid ?? '', name: this.name, emoji, self: true });
    return true;
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
    signalling.on('replaced', () => this.emit('replaced', undefined));
    signalling.on('closing', (closing) => this.emit('closing', closing));
    signalling.on('error', (failure) => this.emit('error', SignalError.from(failure)));
    signalling.on('mismatch', ({ event, error }) => this.emit('error', new Error(`${event}: ${error.message}`)));
    watchRoom(this, this.log.signalling);
    this.#stops.push(
      watchDevices(this.media, this.log.signalling),
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
    const { sid, name, role, permissions, hand, account } = welcome;
    this.#self = { sid, name, role, permissions, hand, account: account !== null };
    this.#settings = welcome.settings;
    this.#waiting = welcome.waiting;
    this.#people.welcome(welcome);
    this.#tellFlags();
  }

  // Of our messages some may have been lost: what is still open is said again.
  #resync(): void {
    this.#people.resync();
    this.#tellFlags();
  }

  #updateOutgoing(): void {
    this.#people.updateOutgoing();
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

  #measure(): void {
    const now = performance.now();
    this.#people.measure(now);
    if (!this.#voice.measure(now, this.#publications.voice)) return;
    this.emit('speaking', undefined);
    this.#changed();
  }

  #close(): void {
    for (const stop of this.#stops) stop();
    clearInterval(this.#levels);
    this.#voice.close();
    this.#people.close();
  }

  #changed(): void {
    this.emit('change', undefined);
  }
}

type RoomEmit = <K extends keyof RoomEvents>(name: K, event: RoomEvents[K]) => void;

// A closed tab says goodbye, so that nobody looks at a ghost for half a minute.
function listenToPageHide(leave: () => void): () => void {
  const target: EventTarget | undefined = globalThis.window;
  target?.addEventListener('pagehide', leave);
  return () => target?.removeEventListener('pagehide', leave);
}
