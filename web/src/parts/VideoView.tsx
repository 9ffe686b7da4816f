import { carries, mark, onRemapped, slotSince } from '@parley/client';
import { useLayoutEffect, useRef, useState } from 'react';
import { onFirstFrame } from './first_frame';
import { MovingElements } from './moving_elements';
import styles from './VideoView.module.css';

interface VideoViewProps {
  readonly track: MediaStreamTrack;
  /** Of a track that may be a slot's: what it has to carry to be shown here ({@link carries}). */
  readonly whose?: string;
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

/** A track, and since when it carries what is shown. */
interface Content {
  readonly track: MediaStreamTrack;
  readonly since: number | undefined;
}

const keyOf = ({ track, since }: Content) => `${track.id} ${since}`;
const isSame = (a: Content | undefined, b: Content) => a?.track === b.track && a.since === b.since;

/**
 * A track's picture, shown from its first frame on. Where another track takes over, or the same one with something else in it,
 * the picture before stays until then; and so it does where the track carries what is none of this. Where its tile is drawn in
 * another place of the page, it goes along without a gap. Its sound is played elsewhere.
 */
export function VideoView({ track, whose, frozen = false, onShown, ...look }: VideoViewProps) {
  const isTheirs = whose === undefined || carries(track, whose);
  const now: Content = { track, since: slotSince(track) };
  const [contents, setContents] = useState(isTheirs ? [now] : []);
  const [base] = contents; // What is in sight.
  if (isTheirs && !isSame(contents.at(-1), now)) setContents(!base || isSame(base, now) ? [now] : [base, now]);
  return contents.map((shown) => (
    <Picture
      key={keyOf(shown)}
      {...look}
      content={shown}
      frozen={frozen}
      follows={contents.length > 1 && shown === contents.at(-1)}
      onShown={() => {
        setContents((those) => (those.at(-1) === shown ? [shown] : those));
        onShown?.();
      }}
    />
  ));
}

interface PictureProps extends Pick<VideoViewProps, 'mirrored' | 'whole' | 'remote'> {
  readonly content: Content;
  /** Another picture is under it, which it covers at once. */
  readonly follows: boolean;
  readonly frozen: boolean;
  readonly onShown: () => void;
}

const videos = new MovingElements(makeVideo, (video) => {
  video.srcObject = null;
});

function makeVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.className = styles.video ?? '';
  video.muted = video.playsInline = video.autoplay = true;
  return video;
}

function Picture({ content, mirrored = false, whole = false, remote = false, frozen, follows, onShown }: PictureProps) {
  const { track, since } = content;
  const place = useRef<HTMLDivElement>(null);
  const ref = useRef<HTMLVideoElement>(null);
  const tell = useRef(onShown);
  useLayoutEffect(() => {
    tell.current = onShown;
  });
  useLayoutEffect(() => {
    const key = keyOf({ track, since });
    const video = videos.take(key);
    ref.current = video;
    place.current?.append(video);
    video.srcObject ??= new MediaStream([track]);
    void video.play().catch(() => undefined); // Silent video may always play, once it can.
    const onFirst = () => {
      video.dataset['shown'] = 'true';
      if (remote) mark('first-frame');
      tell.current();
    };
    // One that comes from elsewhere on the page goes on as it was.
    const forget = video.dataset['shown'] ? undefined : onFirstFrame(video, track, onFirst);
    if (!forget) tell.current();
    // From now on something else comes in it: the last picture stays, and where there was none none is shown.
    const unheed = onRemapped(track, () => {
      forget?.();
      video.pause();
    });
    return () => {
      forget?.();
      unheed();
      ref.current = null;
      videos.leave(key, video);
    };
  }, [track, since, remote]);
  useLayoutEffect(() => {
    // What is over goes on until what follows is in sight, but that its slot comes to carry something else.
    const hasGone = slotSince(track) !== since;
    if (since !== undefined && (frozen || hasGone)) ref.current?.pause();
    else if (ref.current?.paused) void ref.current.play().catch(() => undefined);
  }, [frozen, track, since]);
  useLayoutEffect(() => {
    const video = ref.current;
    video?.toggleAttribute('data-mirrored', mirrored);
    video?.toggleAttribute('data-whole', whole);
    video?.toggleAttribute('data-follows', follows);
  }, [mirrored, whole, follows, remote]);
  return <div ref={place} className={styles.place} />;
}
