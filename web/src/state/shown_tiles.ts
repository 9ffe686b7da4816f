import type { PictureSource, Room, ViewTile } from '@parley/client';
import { choiceOf, kChosenSizes, pictureChoices } from './picture_choice';
import type { TileView } from './room_view';
import { stage } from './stage';

/** Sizes that change, as in a resized window or while tiles move, are told once they rest so long, in milliseconds. */
export const kRest = 200;

/** A tile that is drawn, and its size in device pixels. */
export interface ShownTile extends Pick<TileView, 'id' | 'sid' | 'source'> {
  readonly width: number;
  readonly height: number;
}

/**
 * What to tell of the tiles in sight, most important first: the pinned one, shared screens, who speaks, then the
 * others from large to small. What the person chose for a picture takes the place of its size.
 */
export function viewTilesOf(
  shown: readonly ShownTile[],
  { pinned, speaker }: { readonly pinned: string | undefined; readonly speaker: string | undefined },
): ViewTile[] {
  const rank = ({ id, source }: ShownTile) => (id === pinned ? 0 : source === 'screen' ? 1 : id === speaker ? 2 : 3);
  return shown
    .filter(({ id, width, height }) => width > 0 && height > 0 && choiceOf(id) !== 'off')
    .sort((a, b) => rank(a) - rank(b) || b.width * b.height - a.width * a.height)
    .map(({ id, sid, source, width, height }) => ({ sid, source, ...chosenSize(id, source, width, height) }));
}

function chosenSize(
  id: string,
  source: PictureSource,
  width: number,
  height: number,
): { width: number; height: number } {
  const choice = choiceOf(id);
  if (choice === 'high') {
    const [wide, high] = kChosenSizes.high[source];
    return { width: Math.max(width, wide), height: Math.max(height, high) };
  }
  if (choice === 'low') return { width: kChosenSizes.low[0], height: kChosenSizes.low[1] };
  return { width, height };
}

type DrawnTile = Pick<TileView, 'id' | 'sid' | 'source' | 'self'>;

/** Follows the tiles that are drawn, and tells the room what is in sight. */
class ShownTiles {
  readonly #tiles = new Map<Element, { tile: DrawnTile; visible: boolean; width: number; height: number }>();
  #room: Room | undefined;
  #speaker: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #resizes: ResizeObserver | undefined;
  #sights: IntersectionObserver | undefined;

  /** Tells this room from now on. Returns what ends it. */
  follow(room: Room): () => void {
    this.#room = room;
    const stops = [stage.subscribe(() => this.#soon()), pictureChoices.subscribe(() => this.#soon())];
    this.#soon();
    return () => {
      for (const stop of stops) stop();
      clearTimeout(this.#timer);
      this.#room = undefined;
    };
  }

  /** Who speaks, or spoke last, by the id of the tile. */
  setSpeaker(speaker: string | undefined): void {
    if (speaker === this.#speaker) return;
    this.#speaker = speaker;
    this.#soon();
  }

  /** This element shows this tile from now on. Returns what ends it. */
  add(element: Element, tile: DrawnTile): () => void {
    this.#tiles.set(element, { tile, visible: true, width: 0, height: 0 });
    this.#resizes ??= new ResizeObserver((entries) => entries.forEach((entry) => this.#onSize(entry)));
    this.#sights ??= new IntersectionObserver((entries) => entries.forEach((entry) => this.#onSight(entry)));
    this.#resizes.observe(element);
    this.#sights.observe(element);
    return () => {
      this.#tiles.delete(element);
      this.#resizes?.unobserve(element);
      this.#sights?.unobserve(element);
      this.#soon();
    };
  }

  #onSize({ target, contentRect }: ResizeObserverEntry): void {
    const shown = this.#tiles.get(target);
    if (!shown) return;
    shown.width = Math.round(contentRect.width * devicePixelRatio);
    shown.height = Math.round(contentRect.height * devicePixelRatio);
    this.#soon();
  }

  #onSight({ target, isIntersecting }: IntersectionObserverEntry): void {
    const shown = this.#tiles.get(target);
    if (!shown || shown.visible === isIntersecting) return;
    shown.visible = isIntersecting;
    this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), kRest);
  }

  #tell(): void {
    const shown = [...this.#tiles.values()]
      .filter(({ tile, visible }) => visible && !tile.self)
      .map(({ tile: { id, sid, source }, width, height }) => ({ id, sid, source, width, height }));
    this.#room?.show(viewTilesOf(shown, { pinned: stage.get().pinned, speaker: this.#speaker }));
  }
}

export const shownTiles = new ShownTiles();
