import { Children, useRef, type CSSProperties, type ReactNode } from 'react';
import { bestGrid, kGap } from '../state/layout';
import styles from './Grid.module.css';
import { useSize } from './use_size';

/** Lays its children out as equal tiles that fill the space. */
export function Grid({ children }: { readonly children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(ref);
  const tiles = Children.toArray(children);
  const grid = bestGrid(tiles.length, width, height, kGap);
  const size: CSSProperties = { width: grid.width, height: grid.height };
  const rowWidth = grid.columns * grid.width + (grid.columns - 1) * kGap;
  return (
    <div ref={ref} className={styles.space}>
      <div className={styles.grid} style={{ width: rowWidth, gap: kGap }}>
        {tiles.map((tile) => (
          <div
            key={typeof tile === 'object' && 'key' in tile ? tile.key : undefined}
            className={styles.cell}
            style={size}
          >
            {tile}
          </div>
        ))}
      </div>
    </div>
  );
}
