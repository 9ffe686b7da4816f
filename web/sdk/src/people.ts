import { asError } from './errors';
import type { Files } from './files/files';
import type { CallLog } from './log/call_log';
import { IceServers } from './ice_servers';
import { Participant } from './participant';
import type { LinkState } from './peer_link';
import type { Messages } from './messages/messages';
import type { LeaveReason, ParticipantInfo, Welcome } from './protocol';
import type { Publications } from './publications';
import { reconcile } from './roster';
import type { RoomEvents } from './room_events';
import type { Signalling } from './signalling';
import type { LinkStats } from './stats';
import { Ways } from './ways';

export interface PeopleOptions {
  readonly signalling: Signalling;
  readonly publications: Publications;
  readonly log: CallLog;
  readonly files: Files;
  readonly messages: Messages<Participant>;
  /** How many pictures may come by the server at once. */
  readonly videoSlots: number;
  /** A time of the server's, by this computer's clock. */
  localTime(time: number): number;
  /** Tells the application. */
  readonly emit: <K extends keyof RoomEvents>(name: K, event: RoomEvents[K]) => void;
}

/**
 * The others in the room: who comes gets a way for media, who goes is dropped, and who may come back is held.
 *
 * Owner: Room.
 */
export class People {
  readonly ways: Ways;
  readonly #options: PeopleOptions;
  readonly #participants = new Map<string, Participant>();
  // Participants that may still come back after a server restart, with what drops them.
  readonly #held = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #iceServers: IceServers;
  #welcome: Welcome | undefined;

  constructor(options: PeopleOptions) {
    this.#options = options;
    const { signalling } = options;
    this.#iceServers = new IceServers({
      ask: async () => (await signalling.request('iceServers', {})).iceServers,
      localTime: (time) => options.localTime(time),
    });
    this.ways = this.#makeWays();
    signalling.on('joined', ({ participant }) => this.#onJoined(participant));
    signalling.on('left', ({ sid, reason }) => this.#remove(sid, reason));
    signalling.on('media', ({ sid, ...flags }) => this.#onPresence('media', sid, flags));
    signalling.on('away', ({ sid }) => this.#onPresence('away', sid, { away: true }));
    signalling.on('back', ({ participant }) => this.#onBack(participant));
    signalling.on('participant', ({ participant }) => this.#onChanged(participant));
    signalling.on('description', (message) => this.ways.handleDescription(message));
    signalling.on('candidate', (message) => this.ways.handleCandidate(message));
  }

  /** By `sid`, in the order of joining. */
  get all(): ReadonlyMap<string, Participant> {
    return this.#participants;
  }

  /** A join was accepted, for the first time or again. */
  welcome(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#iceServers.set(welcome.iceServers, Date.now());
    const known = [...this.#participants.keys()].map((sid) => ({ sid, connected: this.ways.isConnected(sid) }));
    const { keep, call, hold, drop } = reconcile(known, welcome);
    for (const sid of drop) this.#remove(sid, 'timeout');
    this.ways.welcome(welcome);
    for (const info of keep) this.#keep(info);
    for (const info of call) this.#add(info, true);
    for (const sid of hold) this.#hold(sid, welcome.graceSeconds);
  }

  /** Reads how loud everybody is; `now` in milliseconds. */
  measure(now: number): void {
    for (const participant of this.#participants.values()) {
      if (!participant.measure(now, this.ways.isSpeaking(participant))) continue;
      this.#options.emit('speaking', participant);
      this.#changed();
    }
  }

  /** Looks at how good the links are. Nobody does who does not look at the page. */
  lookAtQuality(): void {
    if (globalThis.document?.hidden) return;
    const before = this.ways.sendingLimit;
    this.ways.lookAtServer().then(
      () => before !== this.ways.sendingLimit && this.#changed(),
      () => undefined,
    );
    for (const participant of this.#participants.values()) {
      participant.lookAtQuality().then(
        (changed) => changed && this.#changed(),
        () => undefined, // The connection was replaced meanwhile.
      );
    }
  }

  /** The state of each link, by `sid`. */
  async stats(): Promise<Map<string, LinkStats>> {
    const entries = [...this.#participants].map(
      async ([sid, participant]) => [sid, await participant.stats()] as const,
    );
    return new Map(await Promise.all(entries));
  }

  close(): void {
    for (const sid of [...this.#held.keys()]) this.#release(sid);
    this.ways.end();
    this.#participants.clear();
  }

  #makeWays(): Ways {
    const { signalling, publications, log, files, messages, videoSlots, emit } = this.#options;
    return new Ways({
      ...{ signalling, publications, log, videoSlots, iceServers: this.#iceServers },
      participants: this.#participants,
      selfSid: () => this.#welcome?.sid ?? '',
      isBusy: (sid) => files.isBusy(sid),
      onTracks: (participant) => this.#tellTracks(participant),
      onLinkState: (sid, state) => this.#onLinkState(sid, state),
      onChannel: (sid, channel) => void (messages.adopt(sid, channel) || files.adopt(sid, channel)),
      onServerChannels: (reliable, unreliable) => messages.adoptServer(reliable, unreliable),
      onGone: (sid) => this.#remove(sid, 'left'),
      onTopology: (topology, reason) => emit('topology', { topology, reason }),
      onAdvice: (advice) => emit('oneStreamAdvised', advice),
      onOneStreamFailed: () => emit('oneStreamFailed', undefined),
      onError: (error) => emit('error', asError(error)),
      onChange: () => this.#changed(),
    });
  }

  #onJoined(info: ParticipantInfo): void {
    const known = this.#participants.has(info.sid);
    if (known && this.ways.isConnected(info.sid)) return this.#keep(info);
    const participant = this.#add(info, false);
    if (!known) this.#options.emit('joined', participant);
    this.#changed();
  }

  #onBack(info: ParticipantInfo): void {
    if (!this.#participants.has(info.sid)) return this.#onJoined(info);
    this.#onPresence('back', info.sid, info);
    this.ways.resync(info.sid);
  }

  #onPresence(event: 'media' | 'away' | 'back', sid: string, change: Partial<ParticipantInfo>): void {
    const participant = this.#participants.get(sid);
    if (!participant) return;
    participant.update(change);
    this.#options.emit(event, participant);
    this.#changed();
  }

  // Role, permissions, hand or name. A track that is no longer permitted ends, and one that is again begins.
  #onChanged(info: ParticipantInfo): void {
    const participant = this.#participants.get(info.sid);
    if (!participant) return;
    const { hand } = participant;
    participant.update(info);
    this.#tellTracks(participant);
    this.#options.emit('participant', participant);
    if (hand === null && info.hand !== null)
      this.#options.emit('hand', { sid: info.sid, name: info.name, self: false });
    this.#changed();
  }

  #add(info: ParticipantInfo, calls: boolean): Participant {
    const before = this.#participants.get(info.sid);
    if (before) this.#endTracks(before);
    this.#release(info.sid);
    const participant = new Participant(info, this.ways.open(info, calls));
    this.#participants.set(info.sid, participant);
    this.#tellTracks(participant); // A slot may have been theirs already.
    return participant;
  }

  #tellTracks(participant: Participant): void {
    const changes = participant.takeTracks();
    for (const change of changes) this.#options.emit('track', { participant, ...change });
    if (changes.length > 0) this.#changed();
  }

  #endTracks(participant: Participant): void {
    for (const source of participant.endTracks())
      this.#options.emit('track', { participant, source, track: undefined });
  }

  #onLinkState(sid: string, state: LinkState): void {
    if (state === 'interrupted')
      void this.#participants
        .get(sid)
        ?.lookAtQuality()
        .catch(() => undefined);
    if (state === 'connected') {
      this.#options.files.connected(sid);
      this.#options.messages.connected(sid);
    }
    this.#changed();
  }

  #keep(info: ParticipantInfo): void {
    this.#release(info.sid);
    this.#participants.get(info.sid)?.update(info);
    this.ways.resync(info.sid);
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
    this.ways.close(sid);
    this.#endTracks(participant);
    this.#options.files.left(sid);
    this.#options.messages.left(sid);
    this.#options.emit('left', { participant, reason });
    this.#changed();
  }

  #changed(): void {
    this.#options.emit('change', undefined);
  }
}
