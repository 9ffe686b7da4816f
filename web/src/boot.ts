// The first thing that runs, and all that a join has to wait for: devices and connection start here,
// while React, the components and their styles are still on their way.
import './styles/base.css';
import './styles/hint.css';
import { loadPage, pageOf } from './pages';
import { watchInstallOffer } from './state/install';
import { startScheme } from './state/scheme';
import { followAddress, session, startSession } from './state/session';
import { whenUnderway } from './state/underway';
import { startLanguage } from './words/language';

/** How long the page has the line for itself before the service worker comes, in milliseconds. */
const kWorkerDelay = 3000;

startLanguage();
startScheme();
startSession(0); // The page's clock began when the link was opened.
followAddress();
watchInstallOffer();

// The service worker is for later visits: it does not race with this one.
if (import.meta.env.PROD) {
  addEventListener('load', () => {
    setTimeout(() => void import('./state/pwa').then(({ startServiceWorker }) => startServiceWorker()), kWorkerDelay);
  });
}

// Not by a top-level await: what is imported here would wait for this file, and this file for it.
const page = loadPage(pageOf(session.get()));
const underway = whenUnderway(session.get().room);
void import('./main').then(async ({ start }) => {
  await Promise.all([page, underway]);
  start();
});
