import type { Room } from '@parley/client';
import { fetchAhead } from './later';

/** How long a call has the line for itself at least, and at most while a first picture is waited for, in milliseconds. */
const kLeast = 3000;
const kMost = 15_000;

/**
 * Once the call is there and the page has nothing to do, fetches what its buttons open: a server that is out of reach later,
 * or has a newer app by then, cannot give it. Returns what ends it.
 */
export function fetchAheadOfCall({ participants }: Room): () => void {
  const start = performance.now();
  let ended = false;
  const mayBegin = () => {
    const waited = performance.now() - start;
    const isSeen = participants.size === 0 || performance.getEntriesByName('parley:first-frame').length > 0;
    return waited >= kMost || (waited >= kLeast && isSeen);
  };
  void fetchAhead(async () => {
    while (!ended && !mayBegin()) await pause(500);
    if (!ended) await idle();
    return !ended;
  });
  return () => {
    ended = true;
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

// Safari does not tell when it is idle.
const idle = () =>
  'requestIdleCallback' in globalThis
    ? new Promise<void>((resolve) => requestIdleCallback(() => resolve(), { timeout: 2000 }))
    : pause(50);
