import type { TileView } from '../state/room_view';
import { common } from '../words/common';
import { tile as words } from '../words/room';
import { Avatar } from './Avatar';
import { MicrophoneOffIcon, ScreenIcon } from './icons';
import styles from './Tile.module.css';
import { VideoView } from './VideoView';

interface TileProps {
  readonly tile: TileView;
  readonly className?: string | undefined;
}

/** One person, or one shared screen. It fills its parent. */
export function Tile({ tile, className = '' }: TileProps) {
  const isScreen = tile.source === 'screen';
  const status = statusOf(tile);
  return (
    <div
      className={`${styles.tile} ${className}`}
      role="group"
      aria-label={describe(tile)}
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
    >
      {!isScreen && <Avatar name={tile.name} />}
      {tile.video && (
        <VideoView track={tile.video} mirrored={tile.self && !isScreen} whole={isScreen} remote={!tile.self} />
      )}
      {status && (
        <span className={styles.status}>
          <span className={styles.spinner} aria-hidden="true" />
          <span className={styles.words}>{status}</span>
        </span>
      )}
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

function captionOf({ name, self, source }: TileView): string {
  if (source === 'screen') return self ? words.ownScreen : words.screen(name);
  return self ? common.you(name) : name;
}

function statusOf({ away, link, source }: TileView): string | undefined {
  if (source === 'screen') return undefined;
  if (link === 'interrupted') return words.reconnecting;
  return away ? words.away : link === 'connecting' ? words.connecting : undefined;
}

function describe(tile: TileView): string {
  if (tile.source === 'screen') return captionOf(tile);
  const parts = [captionOf(tile), tile.muted ? words.microphoneOff : words.microphoneOn];
  if (!tile.video) parts.push(words.cameraOff);
  const status = statusOf(tile);
  if (status) parts.push(status);
  return parts.join(', ');
}
