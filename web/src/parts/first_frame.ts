import { slotSince } from '@parley/client';

type Framed = Pick<HTMLVideoElement, 'addEventListener' | 'removeEventListener'> &
  Partial<Pick<HTMLVideoElement, 'requestVideoFrameCallback' | 'cancelVideoFrameCallback'>>;

/**
 * Calls once the element shows a picture of this track: of a slot, one that came since it shows whom it does. What
 * was in its decoder before is somebody else. Returns what ends the waiting.
 */
export function onFirstFrame(video: Framed, track: MediaStreamTrack, call: () => void): () => void {
  if (!video.requestVideoFrameCallback) {
    video.addEventListener('loadeddata', call, { once: true }); // An older browser: the first data is near enough.
    return () => video.removeEventListener('loadeddata', call);
  }
  let handle = 0;
  const wait = () => {
    handle =
      video.requestVideoFrameCallback?.((_now, { receiveTime }) => (isTheirs(receiveTime) ? call() : wait())) ?? 0;
  };
  const isTheirs = (receiveTime: number | undefined) => {
    const since = slotSince(track);
    return since === undefined || receiveTime === undefined || receiveTime >= since;
  };
  wait();
  return () => video.cancelVideoFrameCallback?.(handle);
}
