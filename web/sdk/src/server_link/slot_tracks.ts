const kSince = new WeakMap<MediaStreamTrack, number>();

/** The slot of this track shows somebody else from `now` on. @internal */
export function noteRemapped(track: MediaStreamTrack, now: number): void {
  kSince.set(track, now);
}

/**
 * When the slot that this track belongs to began to carry what it does, on the clock of `performance.now()`; undefined
 * for a track that shows one person for life. A frame that was received before is somebody else's.
 */
export function slotSince(track: MediaStreamTrack): number | undefined {
  return kSince.get(track);
}
