import { CacheProvider } from '@emotion/react';
import { ThemeProvider } from '@mui/material/styles';
import { lazy, Suspense, type ReactNode } from 'react';
import { Toasts } from './parts/Toasts';
import { session, type Session } from './state/session';
import { useStore } from './state/use_store';
import { styleCache, theme } from './theme';

const Home = lazy(() => import('./pages/Home'));
const Lobby = lazy(() => import('./pages/Lobby'));
const Meeting = lazy(() => import('./pages/Meeting'));
const Left = lazy(() => import('./pages/Left'));

export function App() {
  const now = useStore(session);
  return (
    <CacheProvider value={styleCache}>
      <ThemeProvider theme={theme}>
        <Suspense>{pageOf(now)}</Suspense>
        <Toasts />
      </ThemeProvider>
    </CacheProvider>
  );
}

function pageOf({ route, room, ended }: Session): ReactNode {
  if (route.page === 'home') return <Home />;
  if (!room) return <Lobby key={route.room} route={route} />;
  if (ended) return <Left route={route} room={room} ended={ended} />;
  return <Meeting />;
}
