import { useEffect, useRef } from 'react';
import type { TileView } from '../state/room_view';
import { settings } from '../state/settings';
import { shownTiles } from '../state/shown_tiles';
import { stage } from '../state/stage';
import { captionOf, describe, statusOf } from '../state/tile_text';
import { useStore } from '../state/use_store';
import { Avatar } from './Avatar';
import { MicrophoneOffIcon, ScreenIcon } from './icons';
import { TileCorner } from './stage/TileCorner';
import styles from './Tile.module.css';
import { VideoView } from './VideoView';

interface TileProps {
  readonly tile: TileView;
  readonly className?: string | undefined;
}

/** One person, or one shared screen. It fills its parent. */
export function Tile({ tile, className = '' }: TileProps) {
  const { pinned } = useStore(stage);
  const { mirror } = useStore(settings);
  const isScreen = tile.source === 'screen';
  const status = statusOf(tile);
  const isPinned = pinned === tile.id;
  const ref = useShownTile(tile);
  return (
    <div
      ref={ref}
      className={`${styles.tile} ${className}`}
      role="group"
      tabIndex={-1}
      aria-label={describe(tile, isPinned)}
      data-testid="tile"
      data-sid={tile.sid}
      data-name={tile.name}
      data-muted={tile.muted}
      data-video={tile.video !== undefined}
      data-source={tile.source}
      data-self={tile.self}
      data-speaking={(tile.speaking && !isScreen) || undefined}
      data-away={tile.away || undefined}
      data-link={tile.link}
      data-hand={tile.hand}
      data-pinned={isPinned || undefined}
      data-quality={tile.quality?.level}
      data-limit={tile.picture?.limit}
      data-paused={tile.picture?.paused || undefined}
    >
      {!isScreen && <Avatar name={tile.name} />}
      {tile.video && (
        <VideoView
          track={tile.video}
          whose={`${tile.sid}/${tile.source}`}
          mirrored={tile.self && !isScreen && mirror}
          whole={isScreen}
          remote={!tile.self}
        />
      )}
      {status && (
        <span className={styles.status}>
          <span className={styles.spinner} aria-hidden="true" />
          <span className={styles.words}>{status}</span>
        </span>
      )}
      <TileCorner tile={tile} pinned={isPinned} />
      <span className={styles.label}>
        {isScreen && <ScreenIcon size={16} />}
        {!isScreen && tile.muted && (
          <span className={styles.muted}>
            <MicrophoneOffIcon size={16} />
          </span>
        )}
        <span className={styles.name}>{captionOf(tile)}</span>
      </span>
    </div>
  );
}

/** Tells the room how large the tile is drawn, by the element that this refers to. */
function useShownTile({ id, sid, source, self }: TileView) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    return ref.current ? shownTiles.add(ref.current, { id, sid, source, self }) : undefined;
  }, [id, sid, source, self]);
  return ref;
}
