import { tilesThatFit } from './layout';
import type { RoomView, TileView } from './room_view';
import { Store } from './store';

export type Layout = 'grid' | 'speaker';

/** How this person wants to see the meeting. */
export interface StageChoice {
  readonly layout: Layout;
  /** The tile that stays in front, by its id. */
  readonly pinned: string | undefined;
  /** Whether one sees oneself. The others do all the same. */
  readonly ownPicture: boolean;
}

/** As many tiles a page of the gallery shows at most, as there are slots for; the others are on further pages. */
export const kTilesOnPage = { wide: 16, narrow: 8 } as const;
/** What turns the pages takes this much of the height, in CSS pixels. */
const kPagerHeight = 52;

export const stage = new Store<StageChoice>({ layout: 'grid', pinned: undefined, ownPicture: true });

/** The page of the gallery that is looked at, from 0. */
export const galleryPage = new Store(0);

export function changeStage(change: Partial<StageChoice>): void {
  stage.update((now) => ({ ...now, ...change }));
}

/** Puts who speaks in front, or all side by side again. */
export function toggleSpeakerView(): void {
  stage.update((now) => ({ ...now, layout: now.layout === 'speaker' ? 'grid' : 'speaker', pinned: undefined }));
}

/** Pins a tile, or lets it go. */
export function togglePin(id: string): void {
  stage.update((now) => ({ ...now, pinned: now.pinned === id ? undefined : id }));
}

/** What is shown large, and what looks on from the strip. Without a strip, all are equal. */
export interface Arrangement {
  readonly front: readonly TileView[];
  readonly strip: readonly TileView[];
}

/**
 * Decides who is in front: what is pinned, else what is shared, else, in the speaker's view, who
 * spoke last. In the grid nobody is.
 */
export function arrange(view: RoomView, { layout, pinned, ownPicture }: StageChoice): Arrangement {
  const { screens } = view;
  const others = view.people.filter(({ self }) => !self);
  // Whoever is alone sees themselves, or there would be nothing to see.
  const people = ownPicture || others.length === 0 ? view.people : others;
  const all = [...screens, ...people];
  const inFront = all.find(({ id }) => id === pinned);
  if (inFront) return split(all, [inFront]);
  if (screens.length > 0) return { front: screens, strip: people };
  if (layout === 'speaker' && others.length > 0) {
    const speaker = others.find(({ id }) => id === view.speaker) ?? others[0];
    if (speaker) return split(people, [speaker]);
  }
  return { front: people, strip: [] };
}

function split(all: readonly TileView[], front: readonly TileView[]): Arrangement {
  return { front, strip: all.filter((tile) => !front.includes(tile)) };
}

/** How many of `count` tiles, `most` at most, go on one page of a gallery of this size. */
export function tilesOnPage(count: number, most: number, width: number, height: number): number {
  if (width === 0 || height === 0) return most; // Not drawn yet.
  const fit = tilesThatFit(most, width, height);
  return count <= fit ? fit : tilesThatFit(most, width, height - kPagerHeight);
}

/** Page `page` (from 0) of the tiles, and how many pages there are; a page that is gone is the last one. */
export function pageOfTiles<T>(
  tiles: readonly T[],
  page: number,
  size: number,
): { readonly shown: readonly T[]; readonly page: number; readonly pages: number } {
  const pages = Math.max(1, Math.ceil(tiles.length / size));
  const at = Math.min(Math.max(page, 0), pages - 1);
  return { shown: tiles.slice(at * size, (at + 1) * size), page: at, pages };
}

/** Who is in front in the speaker's view: whoever began last, until someone else speaks alone. */
export function nextSpeaker(current: string | undefined, speaking: readonly string[]): string | undefined {
  if (current !== undefined && speaking.includes(current)) return current;
  return speaking[0] ?? current;
}
