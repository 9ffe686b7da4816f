import type { TileView } from '../state/room_view';
import { settings } from '../state/settings';
import { stage, togglePin } from '../state/stage';
import { useStore } from '../state/use_store';
import { common } from '../words/common';
import { stage as stageWords } from '../words/meeting';
import { tile as words } from '../words/room';
import { Avatar } from './Avatar';
import { MicrophoneOffIcon, ScreenIcon } from './icons';
import { HandIcon, PinIcon, UnpinIcon } from './meeting_icons';
import { QualityBadge } from './stage/QualityBadge';
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
  return (
    <div
      className={`${styles.tile} ${className}`}
      role="group"
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
    >
      {!isScreen && <Avatar name={tile.name} />}
      {tile.video && (
        <VideoView
          track={tile.video}
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
      <Corner tile={tile} pinned={isPinned} />
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

/** What is said of someone besides the name, and the pin. */
function Corner({ tile, pinned }: { readonly tile: TileView; readonly pinned: boolean }) {
  const caption = captionOf(tile);
  const isCamera = tile.source === 'camera';
  return (
    <span className={styles.corner}>
      <button
        type="button"
        className={styles.pin}
        aria-label={pinned ? stageWords.unpin(caption) : stageWords.pin(caption)}
        aria-pressed={pinned}
        data-testid="tile-pin"
        onClick={() => togglePin(tile.id)}
      >
        {pinned ? <UnpinIcon size={18} /> : <PinIcon size={18} />}
      </button>
      {isCamera && tile.quality && tile.link !== 'connecting' && <QualityBadge quality={tile.quality} />}
      {isCamera && tile.hand !== undefined && (
        <span className={styles.hand} aria-hidden="true">
          <HandIcon size={17} />
          {tile.hand}
        </span>
      )}
    </span>
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

function describe(tile: TileView, pinned: boolean): string {
  const parts = [captionOf(tile)];
  if (pinned) parts.push(stageWords.pinned);
  if (tile.source === 'screen') return parts.join(', ');
  parts.push(tile.muted ? words.microphoneOff : words.microphoneOn);
  if (!tile.video) parts.push(words.cameraOff);
  if (tile.hand !== undefined) parts.push(stageWords.hand);
  const status = statusOf(tile);
  if (status) parts.push(status);
  return parts.join(', ');
}
