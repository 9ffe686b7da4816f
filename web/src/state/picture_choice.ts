import { Store } from './store';

/** How good somebody's picture is to be; `auto` is as good as its tile shows. */
export type PictureChoice = 'auto' | 'high' | 'low' | 'off';

/** What there is to choose: straight from its sender a picture comes as it is sent to all, and one's own is one's own. */
export function choicesFor({ self, byServer }: { self: boolean; byServer: boolean }): readonly PictureChoice[] {
  if (self) return [];
  return byServer ? ['auto', 'high', 'low', 'off'] : ['auto', 'off'];
}

/** What is asked for in place of the tile's size, in device pixels. */
export const kChosenSizes = {
  high: { camera: [1280, 720], screen: [3840, 2160] },
  low: [320, 180],
} as const;

/** By the tile's id; `auto` where there is none. */
export const pictureChoices = new Store<ReadonlyMap<string, PictureChoice>>(new Map());

export function choiceOf(id: string): PictureChoice {
  return pictureChoices.get().get(id) ?? 'auto';
}

export function choosePicture(id: string, choice: PictureChoice): void {
  pictureChoices.update((choices) => new Map(choices).set(id, choice));
}
