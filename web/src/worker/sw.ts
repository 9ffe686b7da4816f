// The service worker. It does one thing: a page that cannot be fetched is answered by the offline page. It keeps
// nothing of a meeting, of the API or of the app: those come from the server, as ever.
//
// The build writes the version and the list of files into it, so each build's differs, and the browser notices.
import { OfflineCache, type Fetched } from './offline_cache';

// TypeScript's lists of the page's and of the worker's names exclude each other: what is used, by hand.
interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends WorkerEvent {
  readonly request: Request;
  readonly preloadResponse?: Promise<Response | undefined>;
  respondWith(response: Promise<Response>): void;
}
interface Worker extends EventTarget {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

const worker = globalThis as unknown as Worker;
const files = JSON.parse('PARLEY_FILES') as string[];
const cache = new OfflineCache(caches, 'PARLEY_VERSION', files, location.origin);

worker.addEventListener('install', (event) => (event as WorkerEvent).waitUntil(cache.fill()));

worker.addEventListener('activate', (event) => {
  const activate = async () => {
    await cache.dropOthers();
    await worker.registration.navigationPreload?.enable(); // So that a page's fetch does not wait for this worker.
    await worker.clients.claim();
  };
  (event as WorkerEvent).waitUntil(activate());
});

worker.addEventListener('fetch', (event) => {
  const { request, preloadResponse } = event as FetchEvent;
  const fetchIt: Fetched = async () => (await preloadResponse) ?? fetch(request);
  const answer = cache.answer(request, fetchIt);
  if (answer) (event as FetchEvent).respondWith(answer);
});

// The one message that a page sends: its person wants the new version now.
worker.addEventListener('message', () => void worker.skipWaiting());
