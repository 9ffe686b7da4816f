import { announce } from './announcements';
import { BoardReader } from './board_reader';
import { Chat } from './chat/chat';
import { Emitter } from './emitter';
import { SignalError } from './errors';
import { Files } from './files/files';
import { handQueue, type RaisedHand } from './hands';
import { HostControls } from './host_controls';
import { JoinForm } from './join_form';
import { Lecture } from './lecture/lecture';
import type { LocalMedia } from './local_media';
import { CallLog } from './log/call_log';
import { LoggedSocket } from './log/logged_socket';
import { watchDevices, watchRoom } from './log/watch_room';
import { mark } from './marks';
import { Measuring } from './measuring';
import { Messages, type SendOptions } from './messages/messages';
import type { OneStream } from './one_stream/one_stream';
import { OwnDevices } from './own_devices';
import { OwnFlags } from './own_flags';
import { listenToPageHide } from './page_hide';
import type { Participant } from './participant';
import { People } from './people';
import { mayDo, type Permission } from './permissions';
import type { SendingLimit } from './picture';
import { Place, type SelfInfo } from './place';
import type { JoinRequest, RoomSettings, ServerEvent, Source, ViewTile } from './protocol';
import type { ParticipantInfo, WaitingPerson, Welcome } from './protocol';
import { Publications } from './publications';
import { Questions } from './questions/questions';
import { OwnReactions } from './reactions';
import { whenJoined } from './ready';
import type { RoomEvents } from './room_events';
import type { RoomOptions } from './room_options';
import { Signalling, type RoomEnding, type RoomState } from './signalling';
import type { LinkStats } from './stats';
import { kMaxVideoSlots, videoSlotsFor } from './server_link/video_slots';
import { TodoList } from './todo/todo_list';
import type { Sound, Way } from './ways_options';

/**
 * A meeting one takes part in: who is there, what they show, and the way back when a connection
 * breaks. Make one with {@link join}.
 */
export class Room extends Emitter<RoomEvents> {
  /** What we show and say. */
  readonly media: LocalMedia;
  readonly chat: Chat;
  readonly todo: TodoList;
  readonly questions: Questions;
  readonly files: Files;
  /** Who is on stage, and who watches: in a meeting, all are on stage. */
  readonly lecture: Lecture;
  /** What hosts can do; for others the server refuses it. */
  readonly host: HostControls;
  /** What happened when, from the opened link on: for the inspector. */
  readonly log: CallLog;
  readonly #request: Pick<JoinRequest, 'room' | 'name' | 'topology' | 'lecture' | 'token'>;
  readonly #signalling: Signalling;
  readonly #people: People;
  readonly #messages: Messages<Participant>;
  readonly #place = new Place();
  readonly #ready: Promise<void>;
  readonly #measuring: Measuring;
  readonly #boards: BoardReader;
  readonly #publications: Publications;
  readonly #devices: OwnDevices;
  readonly #reactions: OwnReactions;
  readonly #flags: OwnFlags;
  readonly #stops: (() => void)[] = [];
  readonly #form: JoinForm;

  constructor({ socket, media, began, prepare, videoSlots, byServer, ...request }: RoomOptions) {
    super();
    this.media = media;
    this.log = new CallLog({ began, room: request.room, name: request.name });
    this.#publications = new Publications(media);
    this.#devices = new OwnDevices(media, this.#publications);
    this.#request = request;
    this.#signalling = new Signalling(new LoggedSocket(socket, this.log.signalling), () => this.#form.fill(), prepare);
    this.#flags = new OwnFlags(this.#publications, this.#signalling);
    this.files = new Files(() => this.participants);
    this.#messages = new Messages({
      participants: () => this.participants,
      ways: () => this.#people.ways,
      onMessage: (message) => this.emit('message', message),
    });
    this.#people = new People({
      messages: this.#messages,
      signalling: this.#signalling,
      publications: this.#publications,
      log: this.log,
      files: this.files,
      videoSlots: Math.min(videoSlots ?? videoSlotsFor(globalThis.screen), kMaxVideoSlots),
      localTime: (time) => this.#place.local(time),
      emit: (name, event) => this.emit(name, event),
    });
    this.#measuring = new Measuring({
      ...{ people: this.#people, publications: this.#publications, media },
      onSpeaking: () => this.#onSpeaking(),
      onSpeakingWhileMuted: () => this.emit('speakingWhileMuted', undefined),
    });
    this.chat = new Chat(this.#signalling, () => this);
    this.todo = new TodoList(this.#signalling, this);
    this.questions = new Questions(this.#signalling, () => this);
    this.#boards = new BoardReader([this.chat, this.todo, this.questions], (error) => this.emit('error', error));
    this.host = new HostControls(this.#signalling, this);
    this.lecture = new Lecture({
      ...{ signalling: this.#signalling, participants: () => this.participants },
      emit: (name, event) => this.emit(name, event),
      onStage: (onStage) => this.#onStage(onStage),
    });
    this.#reactions = new OwnReactions({
      ...{ signalling: this.#signalling, self: () => this },
      emit: (name, event) => this.emit(name, event),
    });
    this.#ready = whenJoined(this);
    this.#ready.catch(() => undefined); // Whoever does not wait for it must not be told either.
    this.#listen();
    this.#form = new JoinForm({
      ...{ request, byServer, publications: this.#publications, ways: this.#people.ways },
      onTold: (flags) => this.#flags.note(flags),
    });
    this.#signalling.connect();
    this.#form.prepare();
  }

  /** Resolves once joined, after waiting at the door if need be; rejects with a {@link SignalError} if refused. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  get state(): RoomState {
    return this.#signalling.state;
  }

  /** How it ended for us; undefined while it has not. */
  get ending(): RoomEnding | undefined {
    return this.#signalling.ending;
  }

  /** Why the state is `failed`, or why the last attempt to connect failed. */
  get error(): SignalError | undefined {
    return this.#signalling.error;
  }

  /** Our participant id; undefined before the first join. */
  get sid(): string | undefined {
    return this.self?.sid;
  }

  /** Our name, as others see it. */
  get name(): string {
    return this.self?.name || this.#request.name;
  }

  /** What the room knows of us; undefined before the first join. */
  get self(): SelfInfo | undefined {
    return this.#place.self;
  }

  /** Whether we are its owner or a co-host. */
  get isHost(): boolean {
    return this.#place.isHost;
  }

  /** Whether we are permitted something. */
  may(what: Permission): boolean {
    return this.self === undefined || mayDo(this.self, what);
  }

  /** The room's name; the server folds it to lower case. */
  get room(): string {
    return this.#place.facts?.room ?? this.#request.room;
  }

  /** Which way media takes: straight between the participants (`p2p`), or by the server (`sfu`). */
  get topology(): Way | undefined {
    return this.#place.facts && this.#people.ways.way;
  }

  /** What keeps our own picture from being better. */
  get sendingLimit(): SendingLimit {
    return this.#people.ways.sendingLimit;
  }

  /** Everything that is to be heard: each track in an element of its own. Not all of it sounds all the time. */
  get sounds(): readonly Sound[] {
    return this.#people.ways.sounds;
  }

  /**
   * Which pictures are shown, most important first, in device pixels: where media goes by the server, each comes as
   * large as that, and what is not named does not come at all. Without a call, everybody's comes.
   */
  show(tiles: readonly ViewTile[]): void {
    this.#people.ways.show(tiles);
  }

  /** Everyone in one picture and one sound, which the server makes: for a weak device or line. */
  get oneStream(): OneStream {
    return this.#people.ways.oneStream;
  }

  get settings(): RoomSettings {
    return this.#place.settings;
  }

  /** For hosts: who waits to be let in, in the order of coming. */
  get waiting(): readonly WaitingPerson[] {
    return this.#place.waiting;
  }

  /** Whether the room belongs to an account, and so outlives the meeting. */
  get kept(): boolean {
    return this.#place.facts?.kept ?? false;
  }

  /** When the first came, in Unix milliseconds of this computer's clock; undefined before the first join. */
  get startedAt(): number | undefined {
    return this.#place.startedAt;
  }

  /** A time the server told (of a message, of a join), by this computer's clock. */
  localTime(serverTime: number): number {
    return this.#place.local(serverTime);
  }

  /** The others, by `sid`, in the order of joining. */
  get participants(): ReadonlyMap<string, Participant> {
    return this.#people.all;
  }

  /** Who wants to speak, in the order of raising hands; ourselves among them, and for hosts the audience. */
  get hands(): readonly RaisedHand[] {
    const audience = this.isHost ? (this.lecture.audience?.raised ?? []) : [];
    return handQueue(this.self, [...this.participants.values(), ...audience]);
  }

  /** How loud we are, 0 to 1. */
  get level(): number {
    return this.#measuring.level;
  }

  get speaking(): boolean {
    return this.#measuring.speaking;
  }

  /** How long we have spoken in this meeting, in milliseconds. */
  get spokeFor(): number {
    return this.#measuring.spokeFor;
  }

  /** Raises our hand, or lowers it. Rejects with a {@link SignalError}. */
  async raiseHand(raised: boolean): Promise<void> {
    await this.#signalling.request('hand', { raised });
  }

  /** Shows one of {@link kReactions} to everyone; false when there were too many just now, or there is no connection. */
  react(emoji: string): boolean {
    return this.#reactions.send(emoji, !this.lecture.onStage);
  }

  /**
   * Sends a message to the applications of the others, who hear it as `message`: to everyone, or to those named. It goes
   * by data channel, whichever way media takes. A reliable one reaches everyone who is in the room now exactly once, and
   * in order, unless they leave or are away for long; an unreliable one is for what is gone the next moment.
   *
   * False: not in the room, not permitted to chat, nobody of that name is there, or too much was sent just now. Throws a
   * {@link SignalError} for more than {@link kMaxMessageBytes}.
   */
  send(data: string | ArrayBuffer | Uint8Array, options: SendOptions = {}): boolean {
    return this.#place.facts !== undefined && this.may('chat') && this.#messages.send(data, options);
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
  stats(): Promise<Map<string, LinkStats>> {
    return this.#people.stats();
  }

  /** Leaves at once. The devices stay on: they belong to whoever made {@link media}. */
  leave(): void {
    this.#signalling.leave();
  }

  #listen(): void {
    const signalling = this.#signalling;
    signalling.on('welcome', ({ welcome, first }) => this.#onWelcome(welcome, first));
    signalling.on('recovered', () => this.#resync());
    signalling.on('state', (state) => this.#onState(state));
    signalling.on('participant', ({ participant }) => this.#onParticipant(participant));
    signalling.on('media', (media) => this.#onMedia(media));
    signalling.on('reactions', ({ counts }) => this.emit('reactions', this.#reactions.othersOf(counts)));
    signalling.on('muted', ({ by, source }) => this.#onMuted(by, source));
    const emit = <K extends keyof RoomEvents>(name: K, event: RoomEvents[K]) => this.emit(name, event);
    announce({ signalling, place: this.#place, participants: () => this.participants, emit });
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
      this.#measuring.start();
    }
    if (state === 'left' || state === 'failed') this.#close();
    this.emit('state', state);
    this.#changed();
  }

  #onWelcome(welcome: Welcome, first: boolean): void {
    this.#place.enter(welcome, Date.now());
    this.#permit();
    this.#people.welcome(welcome);
    this.#flags.tell();
    this.#boards.welcome(first);
  }

  // Of our messages some may have been lost: what is still open is said again.
  #resync(): void {
    this.#people.ways.resync();
    this.#flags.tell();
    this.#boards.read();
  }

  #permit(): void {
    if (this.self) this.#devices.permit(this.self);
    this.#updateOutgoing();
  }

  #onParticipant(info: ParticipantInfo): void {
    const before = this.#place.update(info);
    if (!before || !this.self) return;
    this.#permit();
    this.emit('self', this.self);
    if (before.hand === null && info.hand !== null) this.emit('hand', { sid: info.sid, name: info.name, self: true });
    this.#changed();
  }

  // Of ourselves the server tells only when it switched something off.
  #onMedia({ sid, ...flags }: ServerEvent<'media'>): void {
    if (sid === this.sid) this.#devices.follow(flags);
  }

  #onMuted(by: string, source: ServerEvent<'muted'>['source']): void {
    this.#devices.switchOff(source);
    this.#updateOutgoing();
    this.emit('muted', { by: this.participants.get(by), source });
  }

  // In the audience nothing goes out, and the devices rest.
  #onStage(onStage: boolean): void {
    if (onStage) return this.#permit();
    this.#devices.rest();
    this.#updateOutgoing();
  }

  #updateOutgoing(): void {
    this.#people.ways.updateOutgoing();
    this.#onMediaChange();
  }

  #onMediaChange(): void {
    this.#flags.tell();
    this.#changed();
  }

  #onSpeaking(): void {
    this.emit('speaking', undefined);
    this.#changed();
  }

  #close(): void {
    for (const stop of this.#stops) stop();
    const parts = [this.#boards, this.questions, this.#measuring, this.files, this.#messages, this.#people];
    for (const part of parts) part.close();
    this.#devices.release();
  }

  #changed(): void {
    this.emit('change', undefined);
  }
}
