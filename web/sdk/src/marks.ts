/** The moments of a join, in their usual order, all relative to the page's navigation. */
export type Mark = 'navigation' | 'media' | 'joined' | 'offer' | 'connected' | 'first-frame';

/**
 * Leaves a `performance.mark('parley:…')`, once a page for each name: the first call counts, as it is
 * the time from the opened link to the first picture that is measured.
 */
export function mark(name: Mark): void {
  const full = `parley:${name}`;
  if (performance.getEntriesByName(full, 'mark').length === 0) performance.mark(full);
}
