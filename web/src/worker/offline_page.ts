// The offline page: what the service worker shows where the server cannot be reached. Small, and without React: it has
// to be kept by every browser that was here once.
import '../styles/base.css';
import './offline_page.css';
import { startScheme } from '../state/scheme';
import { common } from '../words/common';
import { startLanguage } from '../words/language';
import { pwa } from '../words/pwa';

/** How often to look whether the server is back, in milliseconds. */
const kLookInterval = 5000;

startLanguage();
startScheme();
say('h1', pwa.offlineTitle);
say('p', pwa.offlineText);
say('button', common.tryAgain);
document.title = `${pwa.offlineTitle} – Parley`;
document.querySelector('button')?.addEventListener('click', () => location.reload());
addEventListener('online', () => location.reload());
setInterval(() => void look(), kLookInterval);

function say(selector: string, text: string): void {
  const element = document.querySelector(selector);
  if (element) element.textContent = text;
}

async function look(): Promise<void> {
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok) location.reload();
}
