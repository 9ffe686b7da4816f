// The first thing that runs, and all that a join has to wait for: devices and connection start here,
// while React, the components and their styles are still on their way.
import './styles/base.css';
import { startScheme } from './state/scheme';
import { session, startSession } from './state/session';

startScheme();
startSession();
const { route } = session.get();
void import('./main');
if (route.page === 'home') void import('./pages/Home');
else if (route.direct) void import('./pages/Meeting');
else void import('./pages/Lobby');

addEventListener('popstate', startSession);
