import { beforeEach, describe, expect, it } from 'vitest';
import { OfflineCache } from './offline_cache';

const kOrigin = 'https://meet.example.org';
const kFiles = ['/offline.html', '/assets/offline-12345678.js'];

/** The part of CacheStorage that is used; `added` is what was fetched into a cache. */
class FakeCaches {
  readonly added = new Map<string, Set<string>>();

  open(name: string) {
    const files = this.added.get(name) ?? new Set<string>();
    this.added.set(name, files);
    return Promise.resolve({
      addAll: (urls: string[]) => Promise.resolve(void urls.forEach((url) => files.add(url))),
      match: (url: string) => Promise.resolve(files.has(url) ? new Response(`kept ${url}`) : undefined),
    });
  }
  keys = () => Promise.resolve([...this.added.keys()]);
  delete = (name: string) => Promise.resolve(this.added.delete(name));
}

const online = () => Promise.resolve(new Response('from the server'));
const offline = () => Promise.reject<Response>(new TypeError('Failed to fetch'));

describe('OfflineCache', () => {
  let caches: FakeCaches;
  let cache: OfflineCache;
  const ask = (path: string, { mode = 'navigate', method = 'GET', origin = kOrigin, fetched = offline } = {}) =>
    cache.answer({ url: `${origin}${path}`, mode: mode as RequestMode, method }, fetched);
  const text = async (answer: Promise<Response> | undefined) => (await answer)?.text();

  beforeEach(async () => {
    caches = new FakeCaches();
    cache = new OfflineCache(caches as unknown as CacheStorage, '2', kFiles, kOrigin);
    await cache.fill();
  });

  it('answers a page from the server while it is there, and by the offline page when not', async () => {
    expect(await text(ask('/room/daily', { fetched: online }))).toBe('from the server');
    expect(await text(ask('/room/daily'))).toBe('kept /offline.html');
  });

  it('gives the offline page its files without the server', async () => {
    expect(await text(ask('/assets/offline-12345678.js', { mode: 'cors' }))).toBe('kept /assets/offline-12345678.js');
  });

  it('keeps out of all else: the API, the socket, other files, other origins, what changes something', () => {
    for (const path of ['/api/rooms/x', '/socket.io/?EIO=4', '/assets/main-1.js', '/metrics'])
      expect(ask(path, { mode: 'cors' }), path).toBeUndefined();
    expect(ask('/api/rooms/x')).toBeUndefined();
    expect(ask('/room/x', { method: 'POST' })).toBeUndefined();
    expect(ask('/room/x', { origin: 'https://elsewhere.example.org' })).toBeUndefined();
  });

  it('keeps nothing but its own files, of its own version', async () => {
    await ask('/room/daily', { fetched: online });
    await caches.open('parley-1');
    await cache.dropOthers();
    expect([...caches.added]).toEqual([['parley-2', new Set(kFiles)]]);
  });

  it('fails as the network does where even the offline page is gone', async () => {
    caches.added.clear();
    expect((await ask('/'))?.type).toBe('error');
  });
});
