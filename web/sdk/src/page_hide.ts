/** A closed tab says goodbye, so that nobody looks at a ghost for half a minute. Returns what stops it. */
export function listenToPageHide(leave: () => void): () => void {
  const target: EventTarget | undefined = globalThis.window;
  target?.addEventListener('pagehide', leave);
  return () => target?.removeEventListener('pagehide', leave);
}
