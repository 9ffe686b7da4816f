import type { SignalSocket } from '../signalling';
import { participant, type JoinRequest, type ParticipantInfo } from '../protocol';

type Ack = (answer: unknown) => void;
type Fields = Record<string, unknown>;

interface Seat {
  info: ParticipantInfo;
  socket: FakeSocket | undefined;
}

/**
 * One room of a signalling server, in memory, after docs/protocol.md. Messages are delivered in tasks
 * of their own, as on a network. Time (grace, pings) is the test's to play.
 */
export class FakeServer {
  readonly seats = new Map<string, Seat>();
  /** Every event that came in. */
  readonly log: { from: string; event: string; fields: Fields }[] = [];
  /** Answers the next join with this failure instead. */
  refuse: { code: string; message: string; field?: string } | undefined;
  /** Leaves everything unanswered. */
  mute = false;
  down = false;
  #sids = 0;

  constructor(readonly names: readonly string[] = ['sid-a', 'sid-b', 'sid-c', 'sid-d']) {}

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

  tellOthers(sid: string, event: string, fields: Fields): void {
    for (const seat of this.seats.values()) if (seat.info.sid !== sid) seat.socket?.receive(event, fields);
  }

  /** `sid` is whose socket it was when it sent this. */
  handle(socket: FakeSocket, sid: string | undefined, event: string, fields: Fields, ack: Ack | undefined): void {
    this.log.push({ from: sid ?? '', event, fields });
    if (this.mute) return;
    if (event === 'join') return this.#join(socket, fields as unknown as JoinRequest, ack);
    const seat = sid === undefined ? undefined : this.seats.get(sid);
    if (!seat) return ack?.({ ok: false, error: { code: 'not-joined', message: 'join first' } });
    if (event === 'leave') {
      this.#remove(seat.info.sid, 'left');
    } else if (event === 'media') {
      Object.assign(seat.info, fields);
      this.tellOthers(seat.info.sid, 'media', { sid, ...fields });
    } else {
      const to = this.seats.get(String(fields['sid']));
      if (!to) return ack?.({ ok: false, error: { code: 'no-such-participant', message: 'gone', field: 'sid' } });
      to.socket?.receive(event, { ...fields, sid, cname: seat.info.name });
    }
    ack?.({ ok: true });
  }

  lost(socket: FakeSocket, sid: string | undefined): void {
    const seat = this.seats.get(sid ?? '');
    if (!seat || seat.socket !== socket) return;
    seat.socket = undefined;
    seat.info.away = true;
    this.tellOthers(seat.info.sid, 'away', { sid: seat.info.sid });
  }

  #join(socket: FakeSocket, request: JoinRequest, ack: Ack | undefined): void {
    const refusal = this.refuse;
    this.refuse = undefined;
    if (refusal) return ack?.({ ok: false, error: refusal });
    const sid = request.resume?.split('.')[0] ?? this.names[this.#sids++] ?? `sid-${this.#sids}`;
    const held = this.seats.get(sid);
    const { name, micinf, vidinf } = request;
    const scrinf = held?.info.scrinf ?? false;
    const info = participant.read({ sid, name, micinf, vidinf, scrinf, away: false }, '');
    if (held?.socket && held.socket !== socket) {
      held.socket.receive('replaced', {});
      held.socket.sid = undefined;
    }
    this.seats.set(sid, { info, socket });
    socket.sid = sid;
    this.tellOthers(sid, held ? 'back' : 'joined', { participant: { ...info } });
    const participants = [...this.seats.values()]
      .filter((seat) => seat.info.sid !== sid)
      .map((seat) => ({ ...seat.info }));
    ack?.({
      ok: true,
      sid,
      resume: `${sid}.secret`,
      resumed: held !== undefined,
      room: request.room.toLowerCase(),
      topology: 'p2p',
      participants,
      iceServers: [],
      graceSeconds: 30,
    });
  }

  #remove(sid: string, reason: string): void {
    this.seats.delete(sid);
    this.tellOthers(sid, 'left', { sid, reason });
  }
}

/** A socket.io-client `Socket` that leads to a {@link FakeServer}. */
export class FakeSocket implements SignalSocket {
  connected = false;
  recovered = false;
  active = true;
  sid: string | undefined;
  /** What is sent meanwhile is lost. */
  blackHole = false;
  readonly #listeners = new Map<string, ((...args: unknown[]) => void)[]>();

  constructor(readonly server: FakeServer) {}

  on(event: string, listener: (...args: unknown[]) => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  connect(): this {
    setImmediate(() => {
      if (this.connected) return;
      if (this.server.down) return this.#fire('connect_error', new Error('refused'));
      this.connected = true;
      this.#fire('connect');
    });
    return this;
  }

  disconnect(): this {
    if (this.connected) this.cut('io client disconnect');
    return this;
  }

  emit(event: string, fields: Fields, ack?: Ack): this {
    if (this.blackHole) return this;
    const copy = JSON.parse(JSON.stringify(fields)) as Fields;
    const answer = ack && ((value: unknown) => void setImmediate(() => this.connected && ack(value)));
    const { sid } = this;
    setImmediate(() => this.server.handle(this, sid, event, copy, answer));
    return this;
  }

  /** The connection breaks. */
  cut(reason = 'transport close'): void {
    if (!this.connected) return;
    this.connected = false;
    this.recovered = false;
    const { sid } = this;
    this.sid = undefined;
    setImmediate(() => this.server.lost(this, sid)); // After what was sent before.
    this.#fire('disconnect', reason);
  }

  /** It is back, as socket.io-client does by itself; `recovered` when the server kept the place. */
  comeBack(recoveredAs?: string): void {
    this.recovered = recoveredAs !== undefined;
    this.sid = recoveredAs;
    const seat = recoveredAs === undefined ? undefined : this.server.seats.get(recoveredAs);
    if (seat) {
      seat.socket = this;
      seat.info.away = false;
      this.server.tellOthers(seat.info.sid, 'back', { participant: { ...seat.info } });
    }
    this.connect();
  }

  receive(event: string, fields: unknown): void {
    const copy: unknown = JSON.parse(JSON.stringify(fields));
    setImmediate(() => this.connected && !this.blackHole && this.#fire(event, copy));
  }

  #fire(event: string, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...args);
  }
}
