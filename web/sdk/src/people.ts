import { asError, SignalError } from './errors';
import type { Files } from './files/files';
import type { CallLog } from './log/call_log';
import { IceServers } from './ice_servers';
import { applyBudget, cameraBudget } from './mesh_budget';
import { Participant } from './participant';
import { PeerLink } from './peer_link';
import type { LeaveReason, ParticipantInfo, ServerEvent, Source, Welcome } from './protocol';
import type { Publications } from './publications';
import { reconcile } from './roster';
import type { RoomEvents } from './room_events';
import type { Signalling } from './signalling';
import { UdpTrial } from './udp_trial';

export interface PeopleOptions {
  readonly signalling: Signalling;
  readonly publications: Publications;
  readonly log: CallLog;
  readonly files: Files;
  /** A time of the server's, by this computer's clock. */
  localTime(time: number): number;
  /** Tells the application. */
  emit<K extends keyof RoomEvents>(name: K, event: RoomEvents[K]): void;
}

/**
 * The others in the room, each with the link to them: who comes is called or waited for, who goes is
 * dropped, and who may come back is held.
 *
 * Owner: Room.
 */
export class People {
  readonly #options: PeopleOptions;
  readonly #participants = new Map<string, Participant>();
  // Participants that may still come back after a server restart, with what drops them.
  readonly #held = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #iceServers: IceServers;
  readonly #udpTrial: UdpTrial;
  #welcome: Welcome | undefined;

  constructor(options: PeopleOptions) {
    this.#options = options;
    const { signalling } = options;
    this.#iceServers = new IceServers({
      ask: async () => (await signalling.request('iceServers', {})).iceServers,
      localTime: (time) => options.localTime(time),
    });
    this.#udpTrial = new UdpTrial(this.#iceServers);
    signalling.on('joined', ({ participant }) => this.#onJoined(participant));
    signalling.on('left', ({ sid, reason }) => this.#remove(sid, reason));
    signalling.on('media', ({ sid, ...flags }) => this.#onPresence('media', sid, flags));
    signalling.on('away', ({ sid }) => this.#onPresence('away', sid, { away: true }));
    signalling.on('back', ({ participant }) => this.#onBack(participant));
    signalling.on('participant', ({ participant }) => this.#onChanged(participant));
    signalling.on('description', (message) => this.#onDescription(message));
    signalling.on('candidate', ({ sid, candidate }) => this.#participants.get(sid)?.link.handleCandidate(candidate));
  }

  /** By `sid`, in the order of joining. */
  get all(): ReadonlyMap<string, Participant> {
    return this.#participants;
  }

  /** A join was accepted, for the first time or again. */
  welcome(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#iceServers.set(welcome.iceServers, Date.now());
    const known = [...this.#participants.values()].map(({ sid, link }) => ({
      sid,
      connected: link.peerConnection.connectionState === 'connected',
    }));
    const { keep, call, hold, drop } = reconcile(known, welcome);
    for (const sid of drop) this.#remove(sid, 'timeout');
    for (const info of keep) this.#keep(info);
    for (const info of call) this.#add(info, true);
    for (const sid of hold) this.#hold(sid, welcome.graceSeconds);
  }

  /** Of our messages some may have been lost: what is still open is said again. */
  resync(): void {
    for (const { link } of this.#participants.values()) link.resync();
  }

  /** What we send changed. */
  updateOutgoing(): void {
    const { outgoing } = this.#options.publications;
    for (const { link } of this.#participants.values()) link.updateOutgoing(outgoing);
  }

  /** Reads how loud everybody is; `now` in milliseconds. */
  measure(now: number): void {
    for (const participant of this.#participants.values()) {
      if (!participant.measure(now)) continue;
      this.#options.emit('speaking', participant);
      this.#changed();
    }
  }

  /** Looks at how good the links are. Nobody does who does not look at the page. */
  lookAtQuality(): void {
    if (globalThis.document?.hidden) return;
    for (const participant of this.#participants.values()) {
      participant.lookAtQuality().then(
        (changed) => changed && this.#changed(),
        () => undefined, // The connection was replaced meanwhile.
      );
    }
  }

  close(): void {
    for (const sid of [...this.#held.keys()]) this.#release(sid);
    for (const { link } of this.#participants.values()) link.close();
    this.#participants.clear();
  }

  #onJoined(info: ParticipantInfo): void {
    const known = this.#participants.get(info.sid);
    if (known?.link.peerConnection.connectionState === 'connected') return this.#keep(info);
    const participant = this.#add(info, false);
    if (!known) this.#options.emit('joined', participant);
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
    this.#options.emit(event, participant);
    this.#changed();
  }

  // Role, permissions, hand or name. A track that is no longer permitted ends, and one that is again begins.
  #onChanged(info: ParticipantInfo): void {
    const participant = this.#participants.get(info.sid);
    if (!participant) return;
    const { hand } = participant;
    const sources = [...participant.link.receivers.keys()];
    const before = new Map(sources.map((source) => [source, participant.track(source)]));
    participant.update(info);
    for (const [source, track] of before) {
      const now = participant.track(source);
      if (now !== track) this.#options.emit('track', { participant, source, track: now });
    }
    this.#options.emit('participant', participant);
    if (hand === null && info.hand !== null)
      this.#options.emit('hand', { sid: info.sid, name: info.name, self: false });
    this.#changed();
  }

  #onDescription({ sid, cname: _, ...message }: ServerEvent<'description'>): void {
    this.#participants.get(sid)?.link.handleDescription(message);
  }

  #add(info: ParticipantInfo, calls: boolean): Participant {
    const before = this.#participants.get(info.sid);
    before?.link.close();
    this.#release(info.sid);
    const participant = new Participant(info, this.#makeLink(info, calls));
    this.#participants.set(info.sid, participant);
    participant.link.on('track', ({ source, receiver }) => this.#onTrack(participant, source, receiver));
    participant.link.on('channel', (channel) => this.#options.files.adopt(info.sid, channel));
    participant.link.on('state', (state) => {
      if (state === 'interrupted') void participant.lookAtQuality();
      if (state === 'connected') this.#options.files.connected(info.sid);
      this.#shareBudget();
      this.#changed();
    });
    participant.link.on('error', (error) => this.#options.emit('error', asError(error)));
    return participant;
  }

  #onTrack(participant: Participant, source: Source, receiver: RTCRtpReceiver | undefined): void {
    if (receiver) participant.silence(source, receiver.track);
    if (receiver && !participant.track(source)) return;
    this.#options.emit('track', { participant, source, track: receiver?.track });
    this.#changed();
  }

  #makeLink({ sid, name }: ParticipantInfo, calls: boolean): PeerLink {
    const { signalling, publications, log } = this.#options;
    return new PeerLink({
      selfSid: this.#welcome?.sid ?? '',
      sid,
      calls,
      log: { call: log, connection: log.peer(sid, name) },
      iceServers: this.#iceServers,
      udpTrial: this.#udpTrial,
      outgoing: publications.outgoing,
      sendDescription: (message) =>
        void signalling
          .request('description', { sid, ...message })
          .catch((error: unknown) => this.#onUndelivered(sid, error)),
      sendCandidate: (candidate) => signalling.send('candidate', { sid, candidate }),
    });
  }

  // Lost with the connection is normal, and resync() repairs it.
  #onUndelivered(sid: string, error: unknown): void {
    if (!(error instanceof SignalError)) return this.#options.emit('error', asError(error));
    if (error.code === 'no-such-participant') this.#remove(sid, 'left');
    else if (error.code !== 'offline' && error.code !== 'timeout') this.#options.emit('error', error);
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
    participant.link.close();
    this.#options.files.left(sid);
    this.#options.emit('left', { participant, reason });
    this.#shareBudget();
    this.#changed();
  }

  #shareBudget(): void {
    const budget = cameraBudget(this.#participants.size);
    for (const { link } of this.#participants.values()) {
      if (link.state === 'connected') void applyBudget(link.sender('camera'), budget);
    }
  }

  #changed(): void {
    this.#options.emit('change', undefined);
  }
}
