/** Fetches what was asked for; rejects while the server cannot be reached. */
export type Fetched = () => Promise<Response>;

type Asked = Pick<Request, 'method' | 'mode' | 'url'>;

/** The offline page and its files, kept under the version of the build. */
export class OfflineCache {
  readonly #caches: CacheStorage;
  readonly #name: string;
  /** The page first. */
  readonly #files: readonly string[];
  readonly #origin: string;

  constructor(caches: CacheStorage, version: string, files: readonly string[], origin: string) {
    this.#caches = caches;
    this.#name = `parley-${version}`;
    this.#files = files;
    this.#origin = origin;
  }

  async fill(): Promise<void> {
    const cache = await this.#caches.open(this.#name);
    await cache.addAll([...this.#files]);
  }

  /** Older versions are of no more use. */
  async dropOthers(): Promise<void> {
    const names = await this.#caches.keys();
    await Promise.all(names.filter((name) => name !== this.#name).map((name) => this.#caches.delete(name)));
  }

  /**
   * The answer to a request; undefined where the browser is to do as it would without us. That is all but pages and
   * the offline page's own files: never the API, never a socket.
   */
  answer({ method, mode, url }: Asked, fetched: Fetched): Promise<Response> | undefined {
    const { origin, pathname } = new URL(url);
    if (method !== 'GET' || origin !== this.#origin) return undefined;
    if (mode === 'navigate') return pathname.startsWith('/api/') ? undefined : this.#page(fetched);
    return this.#files.includes(pathname) ? this.#file(pathname, fetched) : undefined;
  }

  async #page(fetched: Fetched): Promise<Response> {
    try {
      return await fetched();
    } catch {
      return (await this.#kept(this.#files[0] ?? '')) ?? Response.error();
    }
  }

  // Their names carry their hash: what is kept is right.
  async #file(pathname: string, fetched: Fetched): Promise<Response> {
    return (await this.#kept(pathname)) ?? fetched();
  }

  async #kept(pathname: string): Promise<Response | undefined> {
    const cache = await this.#caches.open(this.#name);
    return cache.match(pathname);
  }
}
