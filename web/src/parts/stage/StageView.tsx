import { useRef, type ReactNode } from 'react';
import { galleryPage, kTilesOnPage, pageOfTiles, tilesOnPage, type Arrangement } from '../../state/stage';
import type { TileView } from '../../state/room_view';
import { useStore } from '../../state/use_store';
import { stage as words } from '../../words/meeting';
import { Grid } from '../Grid';
import { BackIcon, ForwardIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';
import { Tile } from '../Tile';
import { useIsNarrow } from '../use_is_narrow';
import { useSize } from '../use_size';
import styles from './StageView.module.css';
import { usePaging } from './use_paging';

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
  const ref = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(ref);
  const most = useIsNarrow() ? kTilesOnPage.narrow : kTilesOnPage.wide;
  const size = tilesOnPage(tiles.length, most, width, height);
  const { shown, page, pages } = pageOfTiles(tiles, useStore(galleryPage), size);
  const turn = (by: number) => galleryPage.set(Math.min(Math.max(page + by, 0), pages - 1));
  const touches = usePaging(pages, turn);
  return (
    <div ref={ref} className={styles.paged} data-testid="stage" data-layout="grid" data-pages={pages} {...touches}>
      <Grid>
        {shown.map((tile) => (
          <Tile key={tile.id} tile={tile} />
        ))}
        {more}
      </Grid>
      {pages > 1 && <Pager page={page} pages={pages} onTurn={turn} />}
    </div>
  );
}

interface PagerProps {
  readonly page: number;
  readonly pages: number;
  readonly onTurn: (by: number) => void;
}

function Pager({ page, pages, onTurn }: PagerProps) {
  return (
    <nav className={styles.pager} aria-label={words.pages}>
      <IconButton label={words.previous} testId="page-back" disabled={page === 0} onClick={() => onTurn(-1)}>
        <BackIcon size={22} />
      </IconButton>
      <span role="status" data-testid="page-number">
        {words.page(page + 1, pages)}
      </span>
      <IconButton label={words.next} testId="page-on" disabled={page === pages - 1} onClick={() => onTurn(1)}>
        <ForwardIcon size={22} />
      </IconButton>
    </nav>
  );
}
