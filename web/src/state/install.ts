import { Store } from './store';

/** Chromium's offer to install the page as an app; not in TypeScript's lists, nor in every browser. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

/** Whether the browser offers to install the app now. */
export const canInstall = new Store(false);
let offer: InstallOffer | undefined;

/** Keeps the browser's offer until somebody asks for it. It comes once, and early. */
export function watchInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    keep(event as InstallOffer);
  });
  addEventListener('appinstalled', () => keep(undefined));
}

/** To be called from a click: the browser asks its person. An offer holds once. */
export async function install(): Promise<void> {
  const taken = offer;
  keep(undefined);
  await taken?.prompt();
}

function keep(next: InstallOffer | undefined): void {
  offer = next;
  canInstall.set(next !== undefined);
}
