import type { ClientEvent, PictureSource, ViewSize, ViewTile } from '../protocol';

/** No screen shows more, and the server looks at no more. */
const kMaxTiles = 49;
const kMaxSide = 8192;
/** So long the application has, after one stream, to say what it draws instead, in milliseconds. */
export const kRedrawPatience = 600;

type View = ClientEvent<'view'>;

/**
 * What this client shows: pictures, most important first, so that the server sends each as large as it is seen and
 * nothing that is not; or everyone in one stream. Pictures are told only while media goes by the server, one stream in any
 * case, as the room goes by the server for its sake. Both only when they changed.
 */
export class ViewReport {
  readonly #tell: (view: View) => void;
  #tiles: readonly ViewTile[] | undefined;
  #oneStream: ViewSize | undefined;
  // One stream is over, and what is drawn in its place is not known yet.
  #redraws: ReturnType<typeof setTimeout> | undefined;
  #told = '';
  #active = false;

  constructor(tell: (view: View) => void) {
    this.#tell = tell;
  }

  /** Pictures that are drawn now; sizes in device pixels. */
  set(tiles: readonly ViewTile[]): void {
    this.#tiles = tiles.slice(0, kMaxTiles).map(({ sid, source, width, height }) => ({
      ...{ sid, source },
      width: clamp(width),
      height: clamp(height),
    }));
    if (this.#oneStream || (this.#redraws !== undefined && tiles.length === 0)) return;
    const isBack = this.#redraws !== undefined;
    this.#endRedraw();
    if (this.#active || isBack) this.#report();
  }

  /** Everyone in one picture, no larger than this; undefined: in tiles again, once they are drawn. */
  setOneStream(size: ViewSize | undefined): void {
    const before = this.#oneStream;
    this.#oneStream = size && { width: clamp(size.width), height: clamp(size.height) };
    if (this.#oneStream) {
      this.#endRedraw();
      this.#report();
    } else if (before && this.tiles.length > 0) {
      this.#report();
    } else if (before) {
      this.#redraws = setTimeout(() => {
        this.#redraws = undefined;
        this.#report();
      }, kRedrawPatience);
    }
  }

  /** Media goes by the server from now on, or no longer. */
  activate(active: boolean): void {
    this.#active = active;
    this.renew();
  }

  /** The server may have forgotten what it was told. */
  renew(): void {
    this.#told = '';
    if (this.#active || this.#oneStream) this.#report();
  }

  close(): void {
    this.#endRedraw();
  }

  /** The pictures that are drawn, as the application told last. */
  get tiles(): readonly ViewTile[] {
    return this.#tiles ?? [];
  }

  /** Whether a picture is to be expected: everybody's, until the application said what it shows. */
  shows(sid: string, source: PictureSource): boolean {
    if (this.#oneStream) return false;
    return this.#tiles?.some((tile) => tile.sid === sid && tile.source === source) ?? true;
  }

  #endRedraw(): void {
    clearTimeout(this.#redraws);
    this.#redraws = undefined;
  }

  #report(): void {
    const view = this.#view();
    const text = JSON.stringify(view);
    if (!view || this.#redraws !== undefined || text === this.#told) return;
    this.#told = text;
    this.#tell(view);
  }

  #view(): View | undefined {
    if (this.#oneStream) return { tiles: [], oneStream: this.#oneStream };
    return this.#tiles && { tiles: [...this.#tiles] };
  }
}

function clamp(side: number): number {
  return Math.min(Math.max(Math.round(side), 1), kMaxSide);
}
