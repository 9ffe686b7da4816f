import { closePanel } from './panel';

/** What of `window` this needs. */
export interface Browser {
  readonly history: Pick<History, 'state' | 'pushState' | 'back'>;
  addEventListener(type: 'popstate', listener: () => void): void;
  removeEventListener(type: 'popstate', listener: () => void): void;
}

const kState = { covers: true };

let covers = 0;

/**
 * While a panel covers the meeting, the phone's back key closes it, and does not leave the call: it has a step of its own in
 * the history, which goes with it. Returns what ends it.
 */
export function coverInHistory(browser: Browser = window): () => void {
  const { history } = browser;
  const isOurs = () => (history.state as Partial<typeof kState> | null)?.covers === true;
  const onBack = () => {
    if (!isOurs()) closePanel();
  };
  covers += 1;
  if (!isOurs()) history.pushState(kState, '');
  browser.addEventListener('popstate', onBack);
  return () => {
    covers -= 1;
    browser.removeEventListener('popstate', onBack);
    // Another panel may take its place at once.
    setTimeout(() => {
      if (covers === 0 && isOurs()) history.back();
    });
  };
}
