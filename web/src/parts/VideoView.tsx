import { mark, slotSince } from '@parley/client';
import { useLayoutEffect, useRef, useState } from 'react';
import { onFirstFrame } from './first_frame';
import styles from './VideoView.module.css';

interface VideoViewProps {
  readonly track: MediaStreamTrack;
  readonly mirrored?: boolean;
  /** Show all of it: for screens. Faces fill their tile instead. */
  readonly whole?: boolean;
  /** Somebody else's: its first frame is the moment that a join is measured by. */
  readonly remote?: boolean;
  /** Its last picture stays, whatever comes. */
  readonly frozen?: boolean;
  /** Its first picture is in sight. */
  readonly onShown?: () => void;
}

/**
 * A track's picture, shown from its first frame on. Where another track takes over, the picture of the one before stays
 * until then. Its sound is played elsewhere.
 */
export function VideoView({ track, frozen = false, onShown, ...look }: VideoViewProps) {
  const [tracks, setTracks] = useState([track]);
  const [base = track] = tracks; // What is in sight.
  if (tracks.at(-1) !== track) setTracks(base === track ? [track] : [base, track]);
  return tracks.map((shown) => (
    <Picture
      key={shown.id}
      {...look}
      track={shown}
      follows={tracks.length > 1 && shown === track}
      isOver={frozen || shown !== track}
      onShown={() => {
        setTracks((now) => (now.at(-1) === shown ? [shown] : now));
        onShown?.();
      }}
    />
  ));
}

interface PictureProps extends VideoViewProps {
  /** Another picture is under it, which it covers at once. */
  readonly follows: boolean;
  readonly isOver: boolean;
  readonly onShown: () => void;
}

function Picture({ track, mirrored = false, whole = false, remote = false, follows, isOver, onShown }: PictureProps) {
  const ref = useRef<HTMLVideoElement>(null);
  const tell = useRef(onShown);
  useLayoutEffect(() => {
    tell.current = onShown;
  });
  useLayoutEffect(() => {
    const video = ref.current;
    if (!video) return undefined;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined); // Silent video may always play, once it can.
    const forget = onFirstFrame(video, track, () => {
      video.dataset['shown'] = 'true';
      if (remote) mark('first-frame');
      tell.current();
    });
    return () => {
      forget();
      video.srcObject = null;
      delete video.dataset['shown'];
    };
  }, [track, remote]);
  useLayoutEffect(() => {
    // A slot may show somebody else next: its last picture of this one stays.
    if (isOver && slotSince(track) !== undefined) ref.current?.pause();
    else if (ref.current?.paused) void ref.current.play().catch(() => undefined);
  }, [isOver, track]);
  return (
    <video
      ref={ref}
      className={styles.video}
      data-mirrored={mirrored || undefined}
      data-whole={whole || undefined}
      data-follows={follows || undefined}
      muted
      playsInline
      autoPlay
    />
  );
}
