import type { Room } from '@parley/client';
import { useEffect, useRef } from 'react';
import { setOneStreamSize, toggleOneStream } from '../../state/one_stream';
import type { RoomView } from '../../state/room_view';
import { stage } from '../../state/stage';
import { useStore } from '../../state/use_store';
import { audience } from '../../words/lecture';
import { oneStream as words } from '../../words/one_stream';
import { OneStreamIcon } from '../meeting_icons';
import { Tile } from '../Tile';
import { useSize } from '../use_size';
import { VideoView } from '../VideoView';
import styles from './OneStreamPicture.module.css';

interface OneStreamPictureProps {
  readonly view: RoomView;
  readonly room: Room;
  /** Its first frame is in sight: it covers what is under it. */
  readonly shown: boolean;
  readonly onShown: () => void;
}

/** Everyone in one picture that the server draws, and ourselves in the corner. It fills the stage. */
export default function OneStreamPicture({ view, room, shown, onShown }: OneStreamPictureProps) {
  const ref = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(ref);
  useEffect(
    () => setOneStreamSize(room, Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)),
    [room, width, height],
  );
  const { ownPicture } = useStore(stage);
  const { state, track, picture } = view.oneStream;
  const self = view.people.find((tile) => tile.self);
  const hasOthers = view.people.length > (self ? 1 : 0);
  const { onStage } = view.lecture;
  return (
    <div
      ref={ref}
      className={styles.everyone}
      role="group"
      aria-label={words.picture}
      data-testid="one-stream"
      data-state={state}
      data-shown={shown || undefined}
      data-limit={picture?.limit}
    >
      {track && <VideoView track={track} whose="" whole remote frozen={state === 'ending'} onShown={onShown} />}
      {!onStage && !shown && (
        <p className={styles.wait} role="status">
          {audience.preparing}
        </p>
      )}
      <span className={styles.bar} hidden={!onStage}>
        <OneStreamIcon size={18} />
        <span role="status">{shown ? words.label : hasOthers ? words.starting : words.alone}</span>
        {state !== 'ending' && (
          <button
            type="button"
            className={styles.back}
            data-testid="one-stream-back"
            onClick={() => toggleOneStream(room)}
          >
            {words.back}
          </button>
        )}
      </span>
      {shown && ownPicture && self && (
        <div className={styles.self}>
          <Tile tile={self} />
        </div>
      )}
    </div>
  );
}
