import { Children, useEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { bestGrid, kGap } from '../state/layout';
import styles from './Grid.module.css';
import { useSize } from './use_size';

/** Who is there so soon after us, in milliseconds, was there before: they do not arrive. */
const kSettled = 2000;

/** Lays its children out as equal tiles that fill the space. */
export function Grid({ children }: { readonly children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(ref);
  const tiles = Children.toArray(children);
  const grid = bestGrid(tiles.length, width, height, kGap);
  const size: CSSProperties = { width: grid.width, height: grid.height };
  const settled = useIsSettled();
  const rowWidth = grid.columns * grid.width + (grid.columns - 1) * kGap;
  const allRows = grid.rows * grid.height + (grid.rows - 1) * kGap;
  // On whole pixels: half of one would blur an edge of each tile, or cut it off.
  const marginLeft = Math.max(0, Math.floor((width - rowWidth) / 2));
  const marginTop = Math.max(0, Math.floor((height - allRows) / 2));
  return (
    <div ref={ref} className={styles.space}>
      <div className={styles.grid} style={{ width: rowWidth, gap: kGap, marginLeft, marginTop }}>
        {tiles.map((tile) => (
          <Cell key={typeof tile === 'object' && 'key' in tile ? tile.key : undefined} size={size} arrives={settled}>
            {tile}
          </Cell>
        ))}
      </div>
    </div>
  );
}

interface CellProps {
  readonly size: CSSProperties;
  /** It came while people looked: what counts is how that is at its first drawing. */
  readonly arrives: boolean;
  readonly children: ReactNode;
}

function Cell({ size, arrives, children }: CellProps) {
  const [arrived] = useState(arrives);
  return (
    <div className={styles.cell} data-arrives={arrived || undefined} style={size}>
      {children}
    </div>
  );
}

function useIsSettled(): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), kSettled);
    return () => clearTimeout(timer);
  }, []);
  return settled;
}
