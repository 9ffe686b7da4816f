import { Emitter } from './emitter';
import { asError, asSignalError, SignalError } from './errors';
import {
  readAcknowledgement,
  readJoinAnswer,
  readServerEvent,
  serverEvents,
  type Acknowledgement,
  type ClientEvent,
  type ClientEventName,
  type Failure,
  type JoinRequest,
  type MustWait,
  type ServerEvent,
  type ServerEventName,
  type Welcome,
} from './protocol';

/** The part of a socket.io-client `Socket` that is used here; tests bring their own. */
export interface SignalSocket {
  readonly connected: boolean;
  /** The server kept our place and replays what we missed (Socket.IO's connection state recovery). */
  readonly recovered: boolean;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

/**
 * - `connecting`: for the first time
 * - `waiting`: at the door, until a host lets us in
 * - `joined`: in the room, and connected
 * - `reconnecting`: was in the room; the connection is being rebuilt
 * - `left`: we left, were put out, or another tab took our place; `ending` says which
 * - `failed`: the server will not have us; trying again is pointless
 */
export type RoomState = 'connecting' | 'waiting' | 'joined' | 'reconnecting' | 'left' | 'failed';

/** Why the state is `left` or `failed`. */
export type RoomEnding = 'left' | 'replaced' | 'removed' | 'ended' | 'failed';

export type SignallingEvents = { [K in ServerEventName]: ServerEvent<K> } & {
  state: RoomState;
  /** A join was accepted. `first` is false when it brought us back. */
  welcome: { welcome: Welcome; first: boolean };
  /** The connection is back, and the server never lost us. */
  recovered: undefined;
  /** The server sent what the protocol does not allow; it was ignored. */
  mismatch: { event: string; error: Error };
};

type JoinFields = Omit<JoinRequest, 'resume'>;

/** How long an acknowledgement may take, in milliseconds. */
export const kAckTimeout = 8000;
/** How long to wait before asking again to join a server that is full or shutting down, in milliseconds. */
export const kRetryDelay = 1500;

/** Refusals that may pass. The others stay: asking again would get the same answer. */
const kPassing = new Set(['closing', 'too-many-requests', 'timeout', 'offline']);

/** What to say where the waiting to be let in was in vain. */
const kRefusals: Record<ServerEvent<'refused'>['reason'], readonly [code: string, message: string]> = {
  refused: ['refused', 'A host did not let you in.'],
  locked: ['locked', 'The room was locked.'],
  ended: ['ended', 'The meeting is over.'],
  timeout: ['not-answered', 'Nobody let you in.'],
};

/**
 * One participant's seat in one room: joins, keeps the connection, and comes back as the same
 * participant after it broke (docs/protocol.md, "Losing the connection"). It knows nothing of media.
 *
 * Owner: Room. The socket reconnects by itself; this class decides what to say once it has.
 */
export class Signalling extends Emitter<SignallingEvents> {
  readonly #socket: SignalSocket;
  readonly #request: () => JoinFields | Promise<JoinFields>;
  readonly #prepare: (() => Promise<void> | undefined) | undefined;
  #state: RoomState = 'connecting';
  #ending: RoomEnding | undefined;
  #resume: string | undefined;
  #wasIn = false;
  #error: SignalError | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  // Counts connections, so that the answer to a join on an earlier one is ignored.
  #connection = 0;

  /**
   * `request` is asked at each join: the name and what is switched on may have changed; the join waits for it. `prepare` is called
   * before each connection; where it gives a promise, the connection waits for it.
   */
  constructor(
    socket: SignalSocket,
    request: () => JoinFields | Promise<JoinFields>,
    prepare?: () => Promise<void> | undefined,
  ) {
    super();
    this.#socket = socket;
    this.#request = request;
    this.#prepare = prepare;
    socket.on('connect', () => this.#onConnect());
    socket.on('disconnect', (reason) => this.#onDisconnect(reason));
    socket.on('connect_error', (error) => this.#onRefused(error));
    for (const name of Object.keys(serverEvents) as ServerEventName[]) {
      socket.on(name, (payload) => this.#onEvent(name, payload));
    }
  }

  get state(): RoomState {
    return this.#state;
  }

  /** Why the state is `failed`, or why the last attempt to join was put off. */
  get error(): SignalError | undefined {
    return this.#error;
  }

  /** How it ended; undefined while it has not. */
  get ending(): RoomEnding | undefined {
    return this.#ending;
  }

  connect(): void {
    const prepared = this.#prepare?.();
    if (!prepared) return void this.#socket.connect();
    void prepared.then(() => !this.#isOver() && this.#socket.connect());
  }

  /** Leaves the room at once; no further event is emitted. */
  leave(): void {
    if (this.#isOver()) return;
    if (this.#socket.connected) this.#socket.emit('leave', {});
    this.#end('left', 'left');
  }

  /** The meeting is over, and the server has us out of it already. */
  finish(): void {
    if (!this.#isOver()) this.#end('left', 'ended');
  }

  /** Sends an event without waiting. Dropped unless joined: who comes back tells everything anew. */
  send<K extends ClientEventName>(event: K, fields: ClientEvent<K>): void {
    if (this.#state === 'joined') this.#socket.emit(event, fields);
  }

  /** Sends an event and waits for its acknowledgement. Rejects with a {@link SignalError}. */
  async request<K extends ClientEventName>(event: K, fields: ClientEvent<K>): Promise<Acknowledgement<K>> {
    if (this.#state !== 'joined') throw new SignalError('offline', 'Not connected to the room.');
    return this.#emitWithAck(event, fields, (value) => readAcknowledgement(event, value));
  }

  #emitWithAck<K extends ClientEventName, T>(
    event: K,
    fields: ClientEvent<K>,
    read: (value: unknown) => { ok: true; fields: T } | { ok: false; error: Failure },
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new SignalError('timeout', `The server did not answer "${event}".`));
      const timer = setTimeout(late, kAckTimeout);
      this.#socket.emit(event, fields, (value: unknown) => {
        clearTimeout(timer);
        try {
          const answer = read(value);
          if (answer.ok) resolve(answer.fields);
          else reject(SignalError.from(answer.error));
        } catch (error) {
          reject(asError(error));
        }
      });
    });
  }

  #onConnect(): void {
    this.#connection += 1;
    if (this.#isOver()) return void this.#socket.disconnect();
    if (this.#socket.recovered && this.#resume !== undefined) {
      this.#error = undefined;
      // Who waits still waits; what came meanwhile is replayed.
      if (this.#state !== 'waiting') this.#setState('joined', () => this.emit('recovered', undefined));
    } else {
      void this.#join(this.#connection);
    }
  }

  async #join(connection: number): Promise<void> {
    const resume = this.#resume;
    const isStale = () => connection !== this.#connection || this.#isOver();
    try {
      const asked = this.#request();
      const fields = asked instanceof Promise ? await asked : asked;
      if (isStale()) return;
      const request = { ...fields, ...(resume && { resume }) };
      const answer = await this.#emitWithAck('join', request, readJoinAnswer);
      if (isStale()) return;
      if (isWelcome(answer)) this.#comeIn(answer);
      else this.#wait(answer);
    } catch (error) {
      if (!isStale()) this.#onJoinRefused(error);
    }
  }

  #comeIn(welcome: Welcome): void {
    this.#resume = welcome.resume;
    this.#error = undefined;
    const first = !this.#wasIn;
    this.#wasIn = true;
    this.#setState('joined', () => this.emit('welcome', { welcome, first }));
  }

  #wait({ resume }: MustWait): void {
    this.#resume = resume;
    this.#error = undefined;
    this.#setState('waiting');
  }

  #onJoinRefused(error: unknown): void {
    const refusal = asSignalError(error);
    this.#error = refusal;
    if (refusal.code === 'invalid' && refusal.field === 'resume') {
      this.#resume = undefined; // Too old. Come in as someone new.
      this.#wasIn = false;
      void this.#join(this.#connection);
    } else if (kPassing.has(refusal.code)) {
      this.#reconnectLater(); // On a fresh connection: the server may hold this one as joined.
    } else {
      this.#end('failed', 'failed');
    }
  }

  #onDisconnect(reason: unknown): void {
    this.#connection += 1;
    if (this.#isOver()) return;
    if (this.#state === 'joined') this.#setState('reconnecting');
    if (this.#prepareAnew()) return;
    // When the server closed it, socket.io-client does not come back by itself.
    if (reason === 'io server disconnect') this.#reconnectLater();
  }

  // socket.io-client goes on trying after a connection error, but not after a refused CONNECT.
  #onRefused(error: unknown): void {
    if (this.#isOver()) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#error = new SignalError('unreachable', message);
    if (this.#prepareAnew()) return;
    if ('active' in this.#socket && this.#socket.active === false) this.#reconnectLater();
  }

  // Takes over from socket.io-client where something is to be done before it connects again.
  #prepareAnew(): boolean {
    const prepared = this.#prepare?.();
    if (!prepared) return false;
    this.#socket.disconnect();
    void prepared.then(() => this.#reconnectLater());
    return true;
  }

  #reconnectLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      if (this.#isOver()) return;
      if (this.#socket.connected) this.#socket.disconnect();
      this.connect();
    }, kRetryDelay);
  }

  #onEvent(name: ServerEventName, payload: unknown): void {
    if (this.#isOver()) return;
    let event: SignallingEvents[ServerEventName];
    try {
      event = readServerEvent(name, payload);
    } catch (error) {
      const mismatch = asError(error);
      return this.emit('mismatch', { event: name, error: mismatch });
    }
    this.#onSeatEvent(name, event);
    this.emit(name, event);
    if (name === 'replaced' || name === 'removed' || name === 'ended') this.#end('left', name);
  }

  // What changes how we sit in the room.
  #onSeatEvent(name: ServerEventName, event: SignallingEvents[ServerEventName]): void {
    if (name === 'resume') this.#resume = (event as ServerEvent<'resume'>).resume;
    else if (name === 'admitted' && this.#state === 'waiting') this.#comeIn(event as Welcome);
    else if (name === 'refused') this.#onRefusal(event as ServerEvent<'refused'>);
    else if (name === 'error' && (event as Failure).code === 'not-joined') this.#joinAnew();
  }

  #onRefusal({ reason }: ServerEvent<'refused'>): void {
    if (this.#state !== 'waiting') return;
    this.#error = new SignalError(...kRefusals[reason]);
    this.#end('failed', 'failed');
  }

  // Socket.IO recovered the connection, but the server had given our place up.
  #joinAnew(): void {
    if (this.#state === 'joined') this.#setState('reconnecting');
    else if (this.#state !== 'waiting') return;
    void this.#join(this.#connection);
  }

  #isOver(): boolean {
    return this.#state === 'left' || this.#state === 'failed';
  }

  #end(state: 'left' | 'failed', ending: RoomEnding): void {
    this.#ending = ending;
    clearTimeout(this.#retry);
    this.#setState(state);
    this.#socket.disconnect();
  }

  // `before` runs when events may be sent again, but before anyone hears of the state.
  #setState(state: RoomState, before?: () => void): void {
    if (state === this.#state) return;
    this.#state = state;
    before?.();
    if (this.#state === state) this.emit('state', state);
  }
}

function isWelcome(answer: Welcome | MustWait): answer is Welcome {
  return answer.waiting !== true;
}
