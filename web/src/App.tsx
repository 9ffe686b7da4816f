import { createElement, useEffect, useReducer } from 'react';
import { loadedPage, loadNextPage, loadPage, pageOf } from './pages';
import { Toasts } from './parts/Toasts';
import { session } from './state/session';
import { useStore } from './state/use_store';

/** How long a page has the line for itself before the next one is fetched, in milliseconds. */
const kAheadDelay = 1500;

export function App() {
  const name = pageOf(useStore(session));
  const page = loadedPage(name);
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!page) void loadPage(name).then(drawAgain, () => location.reload());
    const timer = setTimeout(() => void loadNextPage(name), kAheadDelay);
    return () => clearTimeout(timer);
  }, [name, page]);
  return (
    <>
      {page && createElement(page)}
      <Toasts />
    </>
  );
}
