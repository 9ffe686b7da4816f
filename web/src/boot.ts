// The first thing that runs, and all that a join has to wait for: devices and connection start here,
// while React, the components and their styles are still on their way.
import './styles/base.css';
import './styles/hint.css';
import { loadPage, pageOf } from './pages';
import { startScheme } from './state/scheme';
import { session, startSession } from './state/session';
import { startLanguage } from './words/language';

startLanguage();
startScheme();
startSession(0); // The page's clock began when the link was opened.
addEventListener('popstate', () => startSession());

// Not by a top-level await: what is imported here would wait for this file, and this file for it.
const page = loadPage(pageOf(session.get()));
void import('./main').then(async ({ start }) => {
  await page;
  start();
});
