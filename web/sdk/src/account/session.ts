import { Emitter } from '../emitter';
import { boolean, nullable, number, object, string, type TypeOf } from '../schema';
import { Api } from './api';
import { ApiError } from './problem';

const user = object('User', { id: number, name: string, displayName: string });
const withUser = object('object', { user });
const me = object('object', { user: nullable(user), guests: boolean, registration: boolean });

/** Who is logged in. */
export type User = TypeOf<typeof user>;

/** What this server offers to those who are not logged in. */
export interface SignInOptions {
  /** Whether guests may join. */
  readonly guests: boolean;
  /** Whether one can make an account. */
  readonly registration: boolean;
}

export interface SessionEvents {
  /** Someone logged in or out, or changed their name. */
  change: User | undefined;
}

export interface SessionStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** How long an access cookie lives, less a minute for clocks and ways, in milliseconds. */
export const kAccessLife = 14 * 60_000;
/** Kept for all tabs: when the access cookie was last renewed, in Unix milliseconds. */
const kMarker = 'parley.signed-in';
/** A refresh token is good once: the tabs of a browser take turns. */
const kLock = 'parley.refresh';

/**
 * The account of this browser. The proof of it lies in cookies that no script can read; what is kept
 * here is who it is, and when the access cookie has to be renewed.
 */
export class Session extends Emitter<SessionEvents> {
  readonly #api: Api;
  readonly #storage: SessionStorage | undefined;
  #user: User | undefined;
  #refreshing: Promise<void> | undefined;

  /** `url` is where the server is; the page's own origin by default. */
  constructor(url?: string, storage: SessionStorage | undefined = attempt(() => globalThis.localStorage)) {
    super();
    this.#api = new Api(url);
    this.#storage = storage;
  }

  /** Who is logged in, as far as is known. */
  get user(): User | undefined {
    return this.#user;
  }

  /** Whether this browser was logged in when it was last here; asks nobody. */
  get remembered(): boolean {
    return this.#renewedAt !== undefined;
  }

  /** Asks the server who is logged in, renewing what has run out, and what it offers to others. */
  async load(): Promise<SignInOptions> {
    if (this.mustRefresh) await this.refresh().catch(ignoreRefusal);
    const { user: found, ...options } = me.read(await this.#api.request('GET', '/api/auth/me'), '');
    this.#become(found ?? undefined);
    return options;
  }

  /** Makes an account and logs in. */
  async register(name: string, password: string, displayName?: string): Promise<User> {
    const answer = await this.#api.request('POST', '/api/auth/register', {
      name,
      password,
      ...(displayName && { displayName }),
    });
    return this.#signIn(answer);
  }

  async login(name: string, password: string): Promise<User> {
    return this.#signIn(await this.#api.request('POST', '/api/auth/login', { name, password }));
  }

  async logout(): Promise<void> {
    await this.#api.request('POST', '/api/auth/logout');
    this.#become(undefined);
  }

  /** Renews the access cookie. A refusal means that one has to log in again. */
  refresh(): Promise<void> {
    const before = this.#renewedAt;
    this.#refreshing ??= inTurn(() => this.#refresh(before)).finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Whether somebody is logged in here whose access cookie has run out, or is about to. */
  get mustRefresh(): boolean {
    const renewed = this.#renewedAt;
    return renewed !== undefined && Math.abs(Date.now() - renewed) > kAccessLife;
  }

  /** A request of one's own to the HTTP API, with the access cookie renewed if need be. */
  async request(method: string, path: string, body?: object): Promise<unknown> {
    await this.beforeConnecting();
    return this.#api.request(method, path, body);
  }

  /** Renews what has run out, so that a connection is opened as who we are. Never rejects. */
  async beforeConnecting(): Promise<void> {
    if (this.mustRefresh) await this.refresh().catch(() => undefined);
  }

  get #renewedAt(): number | undefined {
    const kept = attempt(() => this.#storage?.getItem(kMarker));
    return kept == null ? undefined : Number(kept) || 0;
  }

  async #refresh(before: number | undefined): Promise<void> {
    if (this.#renewedAt !== before) return; // Another tab did it while this one waited for its turn.
    try {
      this.#signIn(await this.#api.request('POST', '/api/auth/refresh', undefined, true));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#become(undefined);
      throw error;
    }
  }

  #signIn(answer: unknown): User {
    const found = withUser.read(answer, '').user;
    attempt(() => this.#storage?.setItem(kMarker, String(Date.now())));
    this.#become(found);
    return found;
  }

  #become(next: User | undefined): void {
    if (!next) attempt(() => this.#storage?.removeItem(kMarker));
    if (JSON.stringify(next) === JSON.stringify(this.#user)) return;
    this.#user = next;
    this.emit('change', next);
  }
}

async function inTurn(action: () => Promise<void>): Promise<void> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  await (locks ? locks.request(kLock, action) : action());
}

// Storage may be forbidden; then one is asked for less comfort, not refused.
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}
