import { createElement, useEffect, useReducer, useRef, type ComponentType } from 'react';
import { loadedPage, loadNextPage, loadPage, pageOf } from './pages';
import { later } from './parts/later';
import { Toasts } from './parts/Toasts';
import { closeDialog, dialog } from './state/dialogs';
import { focusNewPage } from './state/page_focus';
import { session } from './state/session';
import { titleOf } from './state/title';
import { useStore } from './state/use_store';
import { language } from './words/language';

const Dialogs = later(() => import('./parts/Dialogs'), closeDialog);

/** How long a page has the line for itself before the next one is fetched, in milliseconds. */
const kAheadDelay = 1500;

export function App() {
  const now = useStore(session);
  const name = pageOf(now);
  const hasDialog = useStore(dialog) !== undefined;
  useStore(language); // Another language draws everything anew: texts are read where they are drawn.
  const page = loadedPage(name);
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!page) void loadPage(name).then(drawAgain, () => location.reload());
    const timer = setTimeout(() => void loadNextPage(name), kAheadDelay);
    return () => clearTimeout(timer);
  }, [name, page]);
  useFocusOnNewPage(page);
  const title = titleOf(name, now);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      {page && createElement(page)}
      {hasDialog && <Dialogs />}
      <Toasts />
    </>
  );
}

/** Where the first page has its focus is the browser's to say; for each that follows it is ours. */
function useFocusOnNewPage(page: ComponentType | undefined): void {
  const before = useRef(page);
  useEffect(() => {
    if (!page || page === before.current) return undefined;
    const isFirst = before.current === undefined;
    before.current = page;
    return isFirst ? undefined : focusNewPage();
  }, [page]);
}
