/**
 * A call told to other tabs of this browser, over a BroadcastChannel: a second window may watch it.
 *
 * A watcher asks `who`, and each call answers `call`. A watcher says `watch` every few seconds; as long as it
 * does, the call sends its `log` each second. A call that ends says `gone`. Only pages of this origin take
 * part; all the same everything is checked as it comes.
 */
import { checkCallLog, type CallLog, type CallLogFile, type Room } from '@parley/client';

const kChannel = 'parley-inspector';
/** A call sends its log this often while it is watched, and a watcher says this often that it watches. */
export const kSendInterval = 1000;
/** Without a word from a watcher for so long, nobody watches any more. */
export const kLease = 4000;

export interface SharedCall {
  readonly id: string;
  readonly room: string;
  readonly name: string;
}

/** The part of BroadcastChannel that is used; tests bring their own. */
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'close' | 'onmessage'>;

const openChannel = (): Channel => new BroadcastChannel(kChannel);

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(data: unknown): Fields {
  return typeof data === 'object' && data !== null ? (data as Fields) : {};
}

/** Answers watchers in other tabs about this call. Returns the function that ends it. */
export function shareCall(
  call: SharedCall,
  log: Pick<CallLog, 'snapshot' | 'watch'>,
  channel: Channel = openChannel(),
): () => void {
  let unwatch: (() => void) | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let lastHeard = 0;
  const rest = () => {
    clearInterval(timer);
    timer = undefined;
    unwatch?.();
    unwatch = undefined;
  };
  const send = () => channel.postMessage({ type: 'log', id: call.id, log: log.snapshot() });
  const tick = () => (Date.now() - lastHeard > kLease ? rest() : send());
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const { type, id } = fieldsOf(data);
    if (type === 'who') channel.postMessage({ type: 'call', ...call });
    if (type !== 'watch' || id !== call.id) return;
    lastHeard = Date.now();
    if (timer !== undefined) return;
    unwatch = log.watch();
    timer = setInterval(tick, kSendInterval);
    send();
  };
  channel.postMessage({ type: 'call', ...call }); // To those who watch already.
  return () => {
    if (timer !== undefined) send(); // The end of the story belongs to it.
    channel.postMessage({ type: 'gone', id: call.id });
    rest();
    channel.close();
  };
}

/** Shares the call of a room that was joined, until it is left. */
export function shareRoom(room: Room): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const stop = shareCall({ id: room.sid ?? '', room: room.room, name: room.name }, room.log);
  room.on('state', (state) => {
    if (state === 'left' || state === 'failed') stop();
  });
}

export interface WatcherEvents {
  /** Which calls there are. */
  calls(calls: readonly SharedCall[]): void;
  /** The log of the watched call, as it is now. */
  log(log: CallLogFile): void;
  /** The watched call is over. */
  gone(): void;
}

/** Calls in other tabs: which there are, and one of them to look at. */
export class CallWatcher {
  readonly #channel: Channel;
  readonly #events: WatcherEvents;
  readonly #calls = new Map<string, SharedCall>();
  #watched: string | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(events: WatcherEvents, channel: Channel = openChannel()) {
    this.#events = events;
    this.#channel = channel;
    channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#onMessage(fieldsOf(data));
    channel.postMessage({ type: 'who' });
  }

  /** Looks at this call; at none if undefined. */
  watch(id: string | undefined): void {
    clearInterval(this.#timer);
    this.#watched = id;
    if (id === undefined) return;
    const ask = () => this.#channel.postMessage({ type: 'watch', id });
    this.#timer = setInterval(ask, kSendInterval);
    ask();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#channel.close();
  }

  #onMessage({ type, id, room, name, log }: Fields): void {
    if (typeof id !== 'string') return;
    if (type === 'call' && typeof room === 'string' && typeof name === 'string') {
      this.#calls.set(id, { id, room, name });
      this.#events.calls([...this.#calls.values()]);
    } else if (type === 'gone') {
      this.#calls.delete(id);
      this.#events.calls([...this.#calls.values()]);
      if (id === this.#watched) this.#events.gone();
    } else if (type === 'log' && id === this.#watched) {
      this.#take(log);
    }
  }

  #take(log: unknown): void {
    try {
      this.#events.log(checkCallLog(log));
    } catch {
      // Another version of Parley in the other tab: what it says is not for us.
    }
  }
}
