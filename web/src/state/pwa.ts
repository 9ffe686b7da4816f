import { pwa } from '../words/pwa';
import { toast } from './toasts';

/** How often a page that stays open asks for a new version, in milliseconds. */
const kLookInterval = 60 * 60_000;

/** Sets up the service worker, and tells of new versions. Pages without HTTPS have none: then nothing happens. */
export async function startServiceWorker(): Promise<void> {
  const container: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (!container) return;
  try {
    const registration = await container.register('/sw.js', { updateViaCache: 'none' });
    followUpdates(container, registration);
    setInterval(() => void registration.update().catch(() => undefined), kLookInterval);
  } catch {
    // A certificate that nobody vouches for, or a browser that keeps nothing: the app works without.
  }
}

/** Offers each new version; who takes it gets the page anew. */
export function followUpdates(container: ServiceWorkerContainer, registration: ServiceWorkerRegistration): void {
  let asked = false;
  container.addEventListener('controllerchange', () => {
    if (asked) location.reload(); // The first worker of all also comes this way, and changes nothing.
  });
  const offer = (worker: ServiceWorker) => {
    const take = () => {
      asked = true;
      worker.postMessage('take over');
    };
    toast(pwa.newVersion, {
      key: 'new-version',
      stays: Infinity,
      actions: [{ label: pwa.reload, run: take, testId: 'update-reload' }],
    });
  };
  if (registration.waiting && container.controller) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && container.controller) offer(worker);
    });
  });
}
