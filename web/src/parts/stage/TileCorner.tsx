import { useState } from 'react';
import { later } from '../later';
import type { TileView } from '../../state/room_view';
import { togglePin } from '../../state/stage';
import { badgeOf, captionOf } from '../../state/tile_text';
import { stage as words } from '../../words/meeting';
import { picture } from '../../words/picture';
import { HandIcon, MoreIcon, PinIcon, UnpinIcon } from '../meeting_icons';
import { QualityBadge } from './QualityBadge';
import styles from './TileCorner.module.css';

const TileMenu = later(
  () => import('./TileMenu'),
  ({ onClose }) => onClose(),
);

interface TileCornerProps {
  readonly tile: TileView;
  readonly pinned: boolean;
}

/** What is said of someone besides the name, the pin, and the menu of the picture. */
export function TileCorner({ tile, pinned }: TileCornerProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const caption = captionOf(tile);
  const badge = badgeOf(tile);
  const isCamera = tile.source === 'camera';
  return (
    <span className={styles.corner}>
      <button
        type="button"
        className={styles.button}
        aria-label={pinned ? words.unpin(caption) : words.pin(caption)}
        aria-pressed={pinned}
        data-testid="tile-pin"
        onClick={() => togglePin(tile.id)}
      >
        {pinned ? <UnpinIcon size={18} /> : <PinIcon size={18} />}
      </button>
      <button
        type="button"
        className={styles.button}
        aria-label={picture.more(caption)}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        data-testid="tile-more"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon size={18} />
      </button>
      {badge && <QualityBadge badge={badge} />}
      {isCamera && tile.hand !== undefined && (
        <span className={styles.hand} aria-hidden="true">
          <HandIcon size={17} />
          {tile.hand}
        </span>
      )}
      {anchor && <TileMenu tile={tile} caption={caption} anchor={anchor} onClose={() => setAnchor(null)} />}
    </span>
  );
}
