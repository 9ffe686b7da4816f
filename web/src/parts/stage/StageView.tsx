import { useState, type ReactNode } from 'react';
import { kTilesOnPage, pageOfTiles, type Arrangement } from '../../state/stage';
import type { TileView } from '../../state/room_view';
import { stage as words } from '../../words/meeting';
import { Grid } from '../Grid';
import { BackIcon, ForwardIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';
import { Tile } from '../Tile';
import { useIsNarrow } from '../use_is_narrow';
import styles from './StageView.module.css';

interface StageViewProps {
  readonly arrangement: Arrangement;
  /** Stands behind the last tile of the grid. */
  readonly more?: ReactNode;
}

/** The pictures: all equal, or some in front and the others in a strip beside or below. */
export function StageView({ arrangement: { front, strip }, more }: StageViewProps) {
  if (strip.length === 0) return <PagedGrid tiles={front} more={more} />;
  return (
    <div className={styles.stage} data-testid="stage" data-layout="front">
      <div className={styles.front}>
        {front.map((tile) => (
          <Tile key={tile.id} tile={tile} />
        ))}
      </div>
      <ul className={styles.strip} aria-label={words.strip}>
        {strip.map((tile) => (
          <li key={tile.id} className={styles.seat}>
            <Tile tile={tile} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function PagedGrid({ tiles, more }: { readonly tiles: readonly TileView[]; readonly more: ReactNode }) {
  const size = useIsNarrow() ? kTilesOnPage.narrow : kTilesOnPage.wide;
  const [wanted, setWanted] = useState(0);
  const { shown, page, pages } = pageOfTiles(tiles, wanted, size);
  return (
    <div className={styles.paged} data-testid="stage" data-layout="grid">
      <Grid>
        {shown.map((tile) => (
          <Tile key={tile.id} tile={tile} />
        ))}
        {more}
      </Grid>
      {pages > 1 && (
        <div className={styles.pager}>
          <IconButton
            label={words.previous}
            testId="page-back"
            disabled={page === 0}
            onClick={() => setWanted(page - 1)}
          >
            <BackIcon size={22} />
          </IconButton>
          <span role="status">{words.page(page + 1, pages)}</span>
          <IconButton
            label={words.next}
            testId="page-on"
            disabled={page === pages - 1}
            onClick={() => setWanted(page + 1)}
          >
            <ForwardIcon size={22} />
          </IconButton>
        </div>
      )}
    </div>
  );
}
