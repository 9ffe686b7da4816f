import type { PictureSource, ViewTile } from '../protocol';

/** No screen shows more, and the server looks at no more. */
const kMaxTiles = 49;
const kMaxSide = 8192;

/**
 * Which pictures this client shows, most important first, so that the server sends each as large as it is seen and
 * nothing that is not. It is told only while media goes by the server, and only when it changed.
 */
export class ViewReport {
  readonly #tell: (tiles: ViewTile[]) => void;
  #tiles: readonly ViewTile[] | undefined;
  #told = '';
  #active = false;

  constructor(tell: (tiles: ViewTile[]) => void) {
    this.#tell = tell;
  }

  /** Pictures that are drawn now; sizes in device pixels. */
  set(tiles: readonly ViewTile[]): void {
    this.#tiles = tiles.slice(0, kMaxTiles).map(({ sid, source, width, height }) => ({
      ...{ sid, source },
      width: clamp(width),
      height: clamp(height),
    }));
    if (this.#active) this.#report();
  }

  /** Media goes by the server from now on, or no longer. */
  activate(active: boolean): void {
    this.#active = active;
    this.#told = '';
    if (active) this.#report();
  }

  /** Whether a picture is to be expected: everybody's, until the application said what it shows. */
  shows(sid: string, source: PictureSource): boolean {
    return this.#tiles?.some((tile) => tile.sid === sid && tile.source === source) ?? true;
  }

  #report(): void {
    const text = JSON.stringify(this.#tiles);
    if (!this.#tiles || text === this.#told) return;
    this.#told = text;
    this.#tell([...this.#tiles]);
  }
}

function clamp(side: number): number {
  return Math.min(Math.max(Math.round(side), 1), kMaxSide);
}
