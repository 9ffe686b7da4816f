import type { SignalSocket } from '../signalling';
import type { Ack, FakeServer, Fields } from './fake_server';

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
