const kSince = new WeakMap<MediaStreamTrack, number>();
const kListeners = new WeakMap<MediaStreamTrack, Set<() => void>>();

/** The slot of this track shows somebody else from `now` on. @internal */
export function noteRemapped(track: MediaStreamTrack, now: number): void {
  kSince.set(track, now);
  kListeners.get(track)?.forEach((call) => call());
}

/**
 * When the slot that this track belongs to began to carry what it does, on the clock of `performance.now()`; undefined
 * for a track that shows one person for life. A frame that was received before is somebody else's.
 */
export function slotSince(track: MediaStreamTrack): number | undefined {
  return kSince.get(track);
}

/** Calls when the slot of this track begins to carry somebody else, before a frame of theirs is shown. Returns what ends that. */
export function onRemapped(track: MediaStreamTrack, call: () => void): () => void {
  const listeners = kListeners.get(track) ?? new Set();
  kListeners.set(track, listeners.add(call));
  return () => void listeners.delete(call);
}
