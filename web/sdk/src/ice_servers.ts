/** A login with less than this share of its life left is asked for anew. */
const kOldShare = 0.5;
/** How long a restart of ICE waits for a new login, in milliseconds: an old one may still do. */
export const kRenewTimeout = 2000;

export interface IceServersOptions {
  /** Asks the server for others. May reject: then those at hand have to do. */
  ask?(): Promise<readonly RTCIceServer[]>;
  /** This computer's clock, in Unix milliseconds, when the server's shows `time`. */
  localTime?(time: number): number;
}

/**
 * The servers that help to find a path: STUN, and TURN with a login that ends with time (`username` begins with
 * when, in seconds since 1970: draft-uberti-behave-turn-rest).
 *
 * Owner: People.
 */
export class IceServers {
  readonly #options: IceServersOptions;
  #servers: readonly RTCIceServer[] = [];
  // When the login is half used up, in Unix milliseconds of this computer's clock.
  #oldAt = Infinity;
  #renewal: Promise<void> | undefined;

  constructor(options: IceServersOptions = {}) {
    this.#options = options;
  }

  get current(): RTCIceServer[] {
    return [...this.#servers];
  }

  /** Whether one of them relays over TCP or TLS, for who cannot use UDP. */
  get relayOverTcp(): boolean {
    return this.over('tcp').length > 0;
  }

  /** `now` is this computer's clock, in Unix milliseconds. */
  set(servers: readonly RTCIceServer[], now: number): void {
    this.#servers = servers;
    const ends = servers.map(({ username }) => endOf(username)).filter((end) => end !== undefined);
    this.#oldAt = ends.length > 0 ? now + (this.#local(Math.min(...ends)) - now) * kOldShare : Infinity;
  }

  /** Those that relay, by what carries it to the server: TLS counts as TCP. */
  over(transport: 'udp' | 'tcp'): RTCIceServer[] {
    return this.#only((url) => transportOf(url) === transport);
  }

  /** All but those that relay over TCP or TLS; STUN among them. */
  get withoutTcp(): RTCIceServer[] {
    return this.#only((url) => transportOf(url) !== 'tcp');
  }

  /** Asks for a new login if ours is old: undefined if it is not. Never rejects. `now` as above. */
  renew(now: number): Promise<void> | undefined {
    if (now < this.#oldAt || !this.#options.ask) return undefined;
    this.#renewal ??= this.#ask(now).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  #only(keeps: (url: string) => boolean): RTCIceServer[] {
    return this.#servers
      .map(({ urls, ...login }) => ({ ...login, urls: [urls].flat().filter(keeps) }))
      .filter(({ urls }) => urls.length > 0);
  }

  async #ask(now: number): Promise<void> {
    const asked = this.#options.ask?.().then(
      (servers) => this.set(servers, now),
      () => undefined,
    );
    const late = new Promise<void>((resolve) => setTimeout(resolve, kRenewTimeout));
    await Promise.race([asked, late]);
  }

  #local(time: number): number {
    return this.#options.localTime?.(time) ?? time;
  }
}

/** In Unix milliseconds; undefined for a login that does not tell. */
function endOf(username: string | undefined): number | undefined {
  const seconds = /^(\d+)(:|$)/.exec(username ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Of a server that relays (RFC 7065, 3.1); undefined of one that does not. */
function transportOf(url: string): 'udp' | 'tcp' | undefined {
  if (/^turns:/i.test(url)) return 'tcp';
  if (!/^turn:/i.test(url)) return undefined;
  return /[?&]transport=tcp/i.test(url) ? 'tcp' : 'udp';
}
