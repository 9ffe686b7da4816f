import {
  kAllPermitted,
  kOpen,
  participant,
  type HostedSource,
  type JoinRequest,
  type ParticipantInfo,
  type RoomSettings,
} from '../protocol';
import { FakeBoards } from './fake_boards';
import { FakeLecture } from './fake_lecture';
import { FakeMediaServer } from './fake_media_server';
import { FakeQuestions } from './fake_questions';
import type { FakeSocket } from './fake_socket';
import { Refusal } from './refusal';

export { Refusal } from './refusal';

export type Ack = (answer: unknown) => void;
export type Fields = Record<string, unknown>;

export interface Seat {
  info: ParticipantInfo;
  socket: FakeSocket | undefined;
  onStage: boolean;
}

const kFlags = { microphone: 'micinf', camera: 'vidinf', screen: 'scrinf' } as const;

/**
 * One room of a signalling server, in memory, after docs/protocol.md. Messages are delivered in tasks
 * of their own, as on a network. Time (grace, pings) is the test's to play.
 */
export class FakeServer {
  readonly seats = new Map<string, Seat>();
  /** Who waits to be let in. */
  readonly door = new Map<string, { request: JoinRequest; socket: FakeSocket | undefined }>();
  readonly boards = new FakeBoards();
  readonly questions = new FakeQuestions();
  readonly media = new FakeMediaServer();
  readonly lecture = new FakeLecture(this);
  settings: RoomSettings = kOpen;
  /** Every event that came in. */
  readonly log: { from: string; event: string; fields: Fields }[] = [];
  /** Answers the next join with this failure instead. */
  refuse: { code: string; message: string; field?: string } | undefined;
  /** Answers the next event of that name with this code. */
  readonly refusals = new Map<string, string>();
  /** Leaves everything unanswered. */
  mute = false;
  down = false;
  #sids = 0;
  #hands = 0;

  constructor(readonly names: readonly string[] = ['sid-a', 'sid-b', 'sid-c', 'sid-d']) {}

  /** The server's clock, which is an hour ahead of ours. */
  get clock(): number {
    return Date.now() + 3_600_000;
  }

  /** Forgets everybody, as a restart does, and cuts every connection. */
  restart(): void {
    const sockets = [...this.seats.values()].map(({ socket }) => socket);
    this.seats.clear();
    for (const socket of sockets) socket?.cut();
  }

  /** Gives up on someone who was away for too long. */
  timeOut(sid: string): void {
    this.#remove(sid, 'timeout');
  }

  tell(sid: string, event: string, fields: Fields): void {
    this.seats.get(sid)?.socket?.receive(event, fields);
  }

  tellAll(event: string, fields: Fields): void {
    for (const { socket } of this.seats.values()) socket?.receive(event, fields);
  }

  tellOthers(sid: string, event: string, fields: Fields): void {
    for (const seat of this.seats.values()) if (seat.info.sid !== sid) seat.socket?.receive(event, fields);
  }

  /** Changes what is known of someone, and tells everybody. */
  change(sid: string, change: Partial<ParticipantInfo>): void {
    const seat = this.seats.get(sid);
    if (!seat) throw new Refusal('no-such-participant', 'sid');
    Object.assign(seat.info, change);
    const told = { participant: { ...seat.info } };
    if (seat.onStage) return this.tellAll('participant', told);
    seat.socket?.receive('participant', told);
    this.lecture.tell();
  }

  /** `sid` is whose socket it was when it sent this. */
  handle(socket: FakeSocket, sid: string | undefined, event: string, fields: Fields, ack: Ack | undefined): void {
    this.log.push({ from: sid ?? '', event, fields });
    if (this.mute) return;
    if (event === 'join') return this.#join(socket, fields as unknown as JoinRequest, ack);
    try {
      const seat = sid === undefined ? undefined : this.seats.get(sid);
      if (!seat) throw new Refusal('not-joined');
      const code = this.refusals.get(event);
      this.refusals.delete(event);
      if (code !== undefined) throw new Refusal(code);
      const answer = this.#ofBoards(seat.info, event, fields);
      const other =
        answer ??
        (event === 'roster' ? this.lecture.roster(seat, fields) : this.media.handle(seat.info.sid, event, fields));
      if (!other) this.#act(seat.info, event, fields);
      ack?.({ ok: true, ...other });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      ack?.({
        ok: false,
        error: { code: error.code, message: error.message, ...(error.field && { field: error.field }) },
      });
    }
  }

  #ofBoards(self: ParticipantInfo, event: string, fields: Fields): Fields | undefined {
    if (event.startsWith('question')) return this.questions.handle(this, self, event, fields);
    return /^(chat|todo)/.test(event) ? this.boards.handle(this, self, event, fields) : undefined;
  }

  lost(socket: FakeSocket, sid: string | undefined): void {
    const seat = this.seats.get(sid ?? '');
    if (!seat || seat.socket !== socket) return;
    seat.socket = undefined;
    seat.info.away = true;
    this.tellOthers(seat.info.sid, 'away', { sid: seat.info.sid });
  }

  #act(self: ParticipantInfo, event: string, fields: Fields): void {
    const { sid } = self;
    const about = (fields['sid'] as string | undefined) ?? '';
    switch (event) {
      case 'leave':
        return this.#remove(sid, 'left');
      case 'media':
        Object.assign(self, fields);
        return this.#isOnStage(sid) ? this.tellOthers(sid, 'media', { sid, ...fields }) : undefined;
      case 'hand':
        return this.change(about || sid, { hand: fields['raised'] === true ? ++this.#hands : null });
      case 'react':
        if (!this.#isOnStage(sid)) return this.tellAll('reactions', { counts: { [String(fields['emoji'])]: 1 } });
        return this.tellOthers(sid, 'reaction', { sid, ...fields });
      case 'stage':
        return this.lecture.stage(self, about || undefined, fields['on'] === true);
      case 'description':
      case 'candidate':
        if (!this.seats.has(about)) throw new Refusal('no-such-participant', 'sid');
        return this.tell(about, event, { ...fields, sid, cname: self.name });
      default:
        if (self.role === 'participant') throw new Refusal('forbidden');
        this.#host(sid, event, about, fields['source'] as HostedSource, fields);
    }
  }

  #host(by: string, event: string, sid: string, source: HostedSource, fields: Fields): void {
    switch (event) {
      case 'settings':
        this.settings = { ...this.settings, ...fields };
        this.tellAll('settings', { ...this.settings, by });
        return this.lecture.change();
      case 'admit':
        return (fields['sids'] as string[]).forEach((one) => this.#admit(one));
      case 'refuse':
        return (fields['sids'] as string[]).forEach((one) => this.turnAway(one, 'refused'));
      case 'remove':
        this.tell(sid, 'removed', { by });
        return this.#remove(sid, 'removed');
      case 'mute':
        return this.#mute(by, sid, source);
      case 'ask':
        return this.tell(sid, 'asked', { by, source, on: fields['on'] });
      case 'permit':
        return this.change(sid, fields);
      case 'role':
        this.change(sid, fields);
        return this.lecture.change();
      case 'end':
        this.tellOthers(by, 'ended', { by });
        return this.seats.clear();
      default:
        throw new Refusal('unknown-event', event);
    }
  }

  #mute(by: string, sid: string, source: HostedSource): void {
    for (const { info, socket } of this.seats.values()) {
      if (sid ? info.sid !== sid : info.role !== 'participant' || info.sid === by) continue;
      info[kFlags[source]] = false;
      socket?.receive('muted', { by, source });
      const { micinf, vidinf, scrinf } = info;
      this.tellOthers(info.sid, 'media', { sid: info.sid, micinf, vidinf, scrinf });
    }
  }

  #join(socket: FakeSocket, request: JoinRequest, ack: Ack | undefined): void {
    const refusal = this.refuse;
    this.refuse = undefined;
    if (refusal) return ack?.({ ok: false, error: refusal });
    const sid = request.resume?.split('.')[0] ?? this.names[this.#sids++] ?? `sid-${this.#sids}`;
    const waits = this.settings.waitingRoom && this.seats.size > 0 && !this.seats.has(sid) && !request.token;
    if (waits) {
      this.door.set(sid, { request, socket });
      ack?.({ ok: true, waiting: true, room: request.room.toLowerCase(), resume: `${sid}.secret` });
      return this.#tellHosts();
    }
    ack?.({ ok: true, ...this.#seat(socket, sid, request) });
  }

  #seat(socket: FakeSocket | undefined, sid: string, request: JoinRequest): Fields {
    const held = this.seats.get(sid);
    if (held?.socket && held.socket !== socket) {
      held.socket.receive('replaced', {});
      held.socket.sid = undefined;
    }
    if (this.seats.size === 0 && request.lecture) this.settings = { ...this.settings, lecture: true };
    const info = this.#infoOf(sid, request, held?.info);
    const onStage = held?.onStage ?? this.lecture.begins(info, request.token);
    if (!onStage) info.permissions = this.lecture.permissionsOf(false);
    const seat = { info, socket, onStage };
    this.seats.set(sid, seat);
    if (socket) socket.sid = sid;
    if (onStage) this.tellOthers(sid, held ? 'back' : 'joined', { participant: { ...info } });
    else this.lecture.tell();
    const welcome = { ...this.#welcome(info, request.room, held !== undefined), ...this.lecture.welcome(seat) };
    return { ...welcome, ...this.media.join(sid, request.offer) };
  }

  #infoOf(sid: string, { name, micinf, vidinf }: JoinRequest, before: ParticipantInfo | undefined): ParticipantInfo {
    const scrinf = before?.scrinf ?? false;
    const role = before?.role ?? (this.seats.size === 0 ? 'owner' : 'participant');
    const permissions = before?.permissions ?? (role === 'owner' ? kAllPermitted : this.settings.permissions);
    return participant.read({ sid, name, micinf, vidinf, scrinf, away: false, role, permissions }, '');
  }

  #welcome(info: ParticipantInfo, room: string, resumed: boolean): Fields {
    const { sid, name, role, permissions, hand } = info;
    const others = [...this.seats.values()].filter((seat) => seat.info.sid !== sid && seat.onStage);
    return {
      ...{ sid, name, role, permissions, hand, resumed, account: null, settings: this.settings, kept: false },
      resume: `${sid}.secret`,
      room: room.toLowerCase(),
      participants: others.map((seat) => ({ ...seat.info })),
      iceServers: [],
      graceSeconds: 30,
      startedAt: this.clock - 60_000,
      serverTime: this.clock,
      waiting: role === 'participant' ? [] : this.#waiting(),
    };
  }

  #isOnStage(sid: string): boolean {
    return this.seats.get(sid)?.onStage ?? true;
  }

  #admit(sid: string): void {
    const waiting = this.door.get(sid);
    if (!waiting) return;
    this.door.delete(sid);
    waiting.socket?.receive('admitted', this.#seat(waiting.socket, sid, waiting.request));
    this.#tellHosts();
  }

  /** Ends somebody's waiting. */
  turnAway(sid: string, reason: string): void {
    this.door.get(sid)?.socket?.receive('refused', { reason });
    this.door.delete(sid);
    this.#tellHosts();
  }

  #waiting(): Fields[] {
    return [...this.door].map(([sid, { request }]) => ({ sid, name: request.name, account: false, since: this.clock }));
  }

  #tellHosts(): void {
    for (const { info, socket } of this.seats.values()) {
      if (info.role !== 'participant') socket?.receive('waiting', { people: this.#waiting() });
    }
  }

  #remove(sid: string, reason: string): void {
    const seat = this.seats.get(sid);
    if (seat?.socket) seat.socket.sid = undefined;
    this.seats.delete(sid);
    if (seat?.onStage !== false) this.tellOthers(sid, 'left', { sid, reason });
    else this.lecture.tell();
  }
}
