import { mark, onRemapped, slotSince } from '@parley/client';
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
      frozen={frozen}
      follows={tracks.length > 1 && shown === track}
      isOver={shown !== track}
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

function Picture({ track, mirrored = false, whole = false, remote = false, ...state }: PictureProps) {
  const { frozen = false, follows, isOver, onShown } = state;
  const ref = useRef<HTMLVideoElement>(null);
  const since = useRef<number>(undefined);
  const tell = useRef(onShown);
  useLayoutEffect(() => {
    tell.current = onShown;
  });
  useLayoutEffect(() => {
    const video = ref.current;
    if (!video) return undefined;
    since.current = slotSince(track);
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
    const video = ref.current;
    // What is over goes on until what follows is in sight, but that its slot comes to show somebody else.
    const isTheirs = slotSince(track) === since.current;
    if (since.current !== undefined && (frozen || (isOver && !isTheirs))) return video?.pause();
    if (video?.paused) void video.play().catch(() => undefined);
    return isOver ? onRemapped(track, () => video?.pause()) : undefined;
  }, [frozen, isOver, track]);
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
