import { mark } from '@parley/client';
import { useLayoutEffect, useRef } from 'react';
import styles from './VideoView.module.css';

interface VideoViewProps {
  readonly track: MediaStreamTrack;
  readonly mirrored?: boolean;
  /** Show all of it: for screens. Faces fill their tile instead. */
  readonly whole?: boolean;
  /** Somebody else's: its first frame is the moment that a join is measured by. */
  readonly remote?: boolean;
}

/** A track's picture, shown from its first frame on. Its sound is played elsewhere. */
export function VideoView({ track, mirrored = false, whole = false, remote = false }: VideoViewProps) {
  const ref = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    const video = ref.current;
    if (!video) return undefined;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined); // Silent video may always play, once it can.
    const forget = onFirstFrame(video, () => {
      video.dataset['shown'] = 'true';
      if (remote) mark('first-frame');
    });
    return () => {
      forget();
      video.srcObject = null;
      delete video.dataset['shown'];
    };
  }, [track, remote]);
  return (
    <video
      ref={ref}
      className={styles.video}
      data-mirrored={mirrored || undefined}
      data-whole={whole || undefined}
      muted
      playsInline
      autoPlay
    />
  );
}

function onFirstFrame(video: HTMLVideoElement, call: () => void): () => void {
  if (!('requestVideoFrameCallback' in video)) {
    const element: HTMLVideoElement = video; // An older browser: the first data is near enough.
    element.addEventListener('loadeddata', call, { once: true });
    return () => element.removeEventListener('loadeddata', call);
  }
  const handle = video.requestVideoFrameCallback(call);
  return () => video.cancelVideoFrameCallback(handle);
}
