import { Emitter } from '../emitter';
import { ConnectionLog } from './connection_log';
import { kLogVersion, type CallLogFile } from './schema';

export interface CallLogOptions {
  /** When the link was opened or the button pressed, on the clock of `performance.now()`. */
  readonly began?: number | undefined;
  readonly room: string;
  readonly name: string;
}

/** Statistics are read this often while nobody looks, and while someone does, in milliseconds. */
export const kIdleInterval = 2000;
export const kWatchedInterval = 1000;
/** From so many milliseconds on, a page had to load first; less is the press of a button. */
const kPageLoad = 20;
/** Of connections that are over, the newest are kept. */
export const kMaxConnections = 40;

type Sampled = { sample(): Promise<void> };

/**
 * What happened in a call, from the opened link to the first picture and on: an entry for each step of
 * each connection, and statistics over time. Noting an entry costs next to nothing and is never off;
 * statistics are read seldom until somebody watches. All of it is bounded.
 *
 * Owner: Room. The inspector draws {@link snapshot}, which is also what an exported file holds.
 */
export class CallLog extends Emitter<{ change: undefined }> {
  /** The way to the server, and what the page and the devices do meanwhile. */
  readonly signalling: ConnectionLog;
  readonly #began: number;
  readonly #names: Pick<CallLogFile, 'room' | 'name'>;
  readonly #peers: ConnectionLog[] = [];
  readonly #sampled = new Set<Sampled>();
  #watchers = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #made = 0;

  constructor({ began = performance.now(), room, name }: CallLogOptions) {
    super();
    this.#began = began;
    this.#names = { room, name };
    this.signalling = this.#make('signalling', '', 'signalling', '');
    this.signalling.add('opened', {}, 0);
    if (this.now > kPageLoad) this.signalling.add('page-ready');
  }

  /** Milliseconds since the link was opened. */
  get now(): number {
    return performance.now() - this.#began;
  }

  /** Begins the log of one more connection with a peer. */
  peer(sid: string, name: string): ConnectionLog {
    const log = this.#make('peer', sid, `peer-${++this.#made}`, name);
    this.#peers.push(log);
    if (this.#peers.length > kMaxConnections) {
      const over = this.#peers.findIndex(({ closed }) => closed);
      this.#peers.splice(Math.max(0, over), 1);
    }
    return log;
  }

  /** Someone looks: statistics come every second until the returned function is called. */
  watch(): () => void {
    this.#watchers += 1;
    this.#restartTimer();
    void this.#sample();
    let watching = true;
    return () => {
      if (!watching) return;
      watching = false;
      this.#watchers -= 1;
      this.#restartTimer();
    };
  }

  /** The log as it is now. */
  snapshot(): CallLogFile {
    return {
      format: 'parley-call-log',
      version: kLogVersion,
      startedAt: Math.round(Date.now() - this.now),
      duration: this.now,
      ...this.#names,
      browser: globalThis.navigator?.userAgent ?? '',
      connections: [this.signalling, ...this.#peers].map((connection) => connection.snapshot()),
    };
  }

  /** Has the statistics of one connection read from now on; the returned function ends that. @internal */
  addSampled(sampled: Sampled): () => void {
    this.#sampled.add(sampled);
    if (this.#sampled.size === 1) this.#restartTimer();
    return () => {
      this.#sampled.delete(sampled);
      if (this.#sampled.size === 0) this.#restartTimer();
    };
  }

  #make(kind: 'signalling' | 'peer', sid: string, id: string, name: string): ConnectionLog {
    return new ConnectionLog(
      { id, kind, sid, name },
      () => this.now,
      () => this.emit('change', undefined),
    );
  }

  #restartTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#sampled.size === 0) return;
    this.#timer = setInterval(() => void this.#sample(), this.#watchers > 0 ? kWatchedInterval : kIdleInterval);
  }

  async #sample(): Promise<void> {
    await Promise.all([...this.#sampled].map((sampled) => sampled.sample()));
  }
}
