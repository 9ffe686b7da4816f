/** How equal tiles fill a rectangle. Sizes in CSS pixels. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
}

/** Between tiles, in CSS pixels. */
export const kGap = 12;
/** Cameras send 16:9; a tile may be narrower (the picture is cropped at the sides) but not wider. */
export const kWidest = 16 / 9;
/** The narrowest tile that still shows a face well. */
export const kNarrowest = 3 / 4;

/**
 * The grid that shows the most of `count` cameras in `width` by `height`: big tiles, little cropped.
 * Every count of columns is tried; there are sixteen at most.
 */
export function bestGrid(count: number, width: number, height: number, gap: number): Grid {
  let best: Grid = { columns: 1, rows: Math.max(count, 1), width: 0, height: 0 };
  let bestScore = -1;
  for (let columns = 1; columns <= Math.max(count, 1); ++columns) {
    const rows = Math.ceil(count / columns) || 1;
    const tile = fitTile((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows);
    const score = tile.width * tile.height * shown(tile.width / tile.height);
    if (score > bestScore) {
      bestScore = score;
      best = { columns, rows, ...tile };
    }
  }
  return best;
}

/** A smaller tile shows nobody that one would know. */
const kSmallestWidth = 150;
const kSmallestHeight = 110;

/** How many tiles, `most` at most, fit into `width` by `height` without being too small. */
export function tilesThatFit(most: number, width: number, height: number): number {
  for (let count = most; count > 1; --count) {
    const tile = bestGrid(count, width, height, kGap);
    if (tile.width >= kSmallestWidth && tile.height >= kSmallestHeight) return count;
  }
  return 1;
}

/** The largest tile of a good shape within a cell. */
export function fitTile(width: number, height: number): { width: number; height: number } {
  if (width <= 0 || height <= 0) return { width: 0, height: 0 };
  const shape = Math.min(Math.max(width / height, kNarrowest), kWidest);
  const fitted = Math.min(width, height * shape);
  return { width: Math.floor(fitted), height: Math.floor(fitted / shape) };
}

// The share of a camera's picture that a tile of this shape shows, softened: a larger cropped face
// is better than a small whole one.
function shown(shape: number): number {
  return Number.isFinite(shape) ? Math.min(shape / kWidest, kWidest / shape) ** 0.25 : 0;
}
