/** What the slot of a track carries. */
interface Content {
  readonly since: number;
  readonly whose: string | undefined;
}

const kContent = new WeakMap<MediaStreamTrack, Content>();
const kListeners = new WeakMap<MediaStreamTrack, Set<() => void>>();

/** The slot of this track shows this from `now` on. @internal */
export function noteRemapped(track: MediaStreamTrack, now: number, whose?: string): void {
  kContent.set(track, { since: now, whose });
  for (const listener of [...(kListeners.get(track) ?? [])]) listener();
}

/**
 * When the slot that this track belongs to began to carry what it does, on the clock of `performance.now()`; undefined
 * for a track that shows one person for life. A frame that was received before is somebody else's.
 */
export function slotSince(track: MediaStreamTrack): number | undefined {
  return kContent.get(track)?.since;
}

/**
 * Whether this track carries that: `sid/camera`, `sid/screen`, or nothing for everyone in one. While one stream comes or goes
 * people keep the tracks that were theirs, for their last pictures, although something else is in them by now.
 */
export function carries(track: MediaStreamTrack, whose: string): boolean {
  const content = kContent.get(track);
  return content === undefined || content.whose === whose;
}

/** Calls as soon as the slot of this track carries something else. Returns what ends that. */
export function onRemapped(track: MediaStreamTrack, call: () => void): () => void {
  const listeners = kListeners.get(track) ?? new Set();
  kListeners.set(track, listeners.add(call));
  return () => void listeners.delete(call);
}
