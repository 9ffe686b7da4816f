import type { SignalSocket } from '../signalling';
import type { ConnectionLog } from './connection_log';

type Ack = (answer: unknown) => void;

/** A socket that notes the way to the server: connecting, joining, and what breaks. It changes nothing. */
export class LoggedSocket implements SignalSocket {
  readonly #socket: SignalSocket;
  readonly #log: ConnectionLog;

  constructor(socket: SignalSocket, log: ConnectionLog) {
    this.#socket = socket;
    this.#log = log;
    socket.on('connect', () =>
      log.add(socket.recovered ? 'socket-recovered' : 'socket-open', { kind: transportOf(socket) }),
    );
    socket.on('disconnect', (reason) => log.add('socket-lost', { message: String(reason) }));
    socket.on('connect_error', (error) => log.add('socket-refused', { message: messageOf(error) }));
    socket.on('admitted', () => log.add('join-accepted'));
    socket.on('refused', (refusal) => log.add('join-refused', { message: field(refusal, 'reason') }));
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  get recovered(): boolean {
    return this.#socket.recovered;
  }

  /** Of a socket.io-client `Socket`: whether it goes on trying by itself. */
  get active(): unknown {
    return 'active' in this.#socket ? this.#socket.active : undefined;
  }

  on(event: string, listener: (...args: unknown[]) => void): unknown {
    return this.#socket.on(event, listener);
  }

  emit(event: string, ...args: unknown[]): unknown {
    const ack = args.at(-1);
    if (event !== 'join' || typeof ack !== 'function') return this.#socket.emit(event, ...args);
    this.#log.add('join-sent');
    const noted: Ack = (answer) => {
      this.#onJoinAnswer(answer);
      (ack as Ack)(answer);
    };
    return this.#socket.emit(event, ...args.slice(0, -1), noted);
  }

  connect(): unknown {
    this.#log.add('socket-opening');
    return this.#socket.connect();
  }

  disconnect(): unknown {
    return this.#socket.disconnect();
  }

  #onJoinAnswer(answer: unknown): void {
    const { ok, waiting, error, participants } = (answer ?? {}) as Readonly<Record<string, unknown>>;
    if (ok !== true) this.#log.add('join-refused', { message: field(error, 'message') });
    else if (waiting === true) this.#log.add('join-waiting');
    else this.#log.add('join-accepted', { count: Array.isArray(participants) ? participants.length : 0 });
  }
}

function field(value: unknown, name: string): string {
  const found: unknown = typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : '';
  return typeof found === 'string' ? found : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// socket.io-client keeps it there: `polling` or `websocket`.
function transportOf(socket: object): string | undefined {
  const { io } = socket as { io?: { engine?: { transport?: { name?: unknown } } } };
  const name = io?.engine?.transport?.name;
  return typeof name === 'string' ? name : undefined;
}
