import { bar as words } from '../words/meeting';
import { Store } from './store';
import { toast } from './toasts';

/** Whether the page fills the screen. */
export const fullScreen = new Store(false);

/** Some phones let only a video fill the screen, not a page. */
export function canFillScreen(): boolean {
  return typeof document.documentElement.requestFullscreen === 'function';
}

export async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  } catch {
    // The browser does not want to: nothing is lost.
  }
}

/** Follows Escape and F11 too. Returns what ends it. */
export function followFullScreen(): () => void {
  const look = () => fullScreen.set(document.fullscreenElement !== null);
  look();
  document.addEventListener('fullscreenchange', look);
  return () => document.removeEventListener('fullscreenchange', look);
}

export function canFloat(): boolean {
  return document.pictureInPictureEnabled;
}

/** Lets the picture in front float over the other windows, or brings it back. */
export async function togglePictureInPicture(): Promise<void> {
  try {
    if (document.pictureInPictureElement) return void (await document.exitPictureInPicture());
    const video = largestVideo();
    if (video) await video.requestPictureInPicture();
    else toast(words.noPictureInPicture);
  } catch {
    toast(words.noPictureInPicture);
  }
}

// Somebody else's, if one is in sight; of those the largest.
function largestVideo(): HTMLVideoElement | undefined {
  const tiles = [...document.querySelectorAll<HTMLElement>('[data-testid="tile"], [data-testid="one-stream"]')];
  const area = (element: Element) => element.clientWidth * element.clientHeight;
  const videos = (own: boolean) =>
    tiles
      .filter((tile) => (tile.dataset['self'] === 'true') === own)
      .flatMap((tile) => tile.querySelector('video') ?? [])
      .filter(({ readyState }) => readyState >= HTMLMediaElement.HAVE_METADATA)
      .sort((a, b) => area(b) - area(a));
  return videos(false)[0] ?? videos(true)[0];
}
