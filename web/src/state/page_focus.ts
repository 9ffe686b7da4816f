/** What of a document is asked for here; a test brings its own. */
export interface FocusPage {
  /** Nothing has the focus: what had it is gone. */
  isLost(): boolean;
  /** The heading of the page, once it is drawn. */
  heading(): Pick<HTMLElement, 'tabIndex' | 'focus'> | null;
  /** Calls back whenever something is drawn, until what it returns is called. */
  onDrawn(look: () => void): () => void;
}

/**
 * Another page has come: gives the focus to its heading, so that a screen reader says where one is and the keyboard goes on
 * from its top. Where the page gave it to something itself, it stays there. Returns what ends the wait for the heading.
 */
export function focusNewPage(page: FocusPage = thisPage): () => void {
  let stop: (() => void) | undefined;
  const isDone = () => {
    const heading = page.isLost() ? page.heading() : undefined;
    if (heading === null) return false;
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    return true;
  };
  if (!isDone()) stop = page.onDrawn(() => isDone() && stop?.());
  return () => stop?.();
}

const thisPage: FocusPage = {
  isLost: () => document.activeElement === null || document.activeElement === document.body,
  heading: () => document.querySelector<HTMLElement>('h1'),
  onDrawn: (look) => {
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => observer.disconnect();
  },
};
