import type { OneStreamAdvice, Room } from '@parley/client';
import { oneStream as words } from '../words/one_stream';
import { dismissToast, toast } from './toasts';

/** How long the page says that it went into one stream by itself, and why, in milliseconds. */
const kNoticeTime = 20_000;
const kKey = 'one-stream';

let size = { width: 1280, height: 720 };

/** The stage is that large now, in device pixels: no larger picture is of use. */
export function setOneStreamSize(room: Room, width: number, height: number): void {
  if (width < 1 || height < 1) return; // Not drawn.
  size = { width, height };
  if (room.oneStream.wanted) room.oneStream.show(size);
}

/** Whether every picture of others that is drawn in a tile has its first frame in sight. */
export function areTilesInSight(page: ParentNode): boolean {
  const tiles = [...page.querySelectorAll<HTMLElement>('[data-testid="tile"][data-self="false"][data-video="true"]')];
  return tiles.length > 0 && tiles.every((tile) => tile.querySelector('video[data-shown]') !== null);
}

/** As the person wants it: everyone in one stream, or each by themselves. */
export function toggleOneStream(room: Room): void {
  dismissToast(kKey);
  if (room.oneStream.wanted) room.oneStream.hide();
  else room.oneStream.show(size);
}

/** Goes into one stream where the link of the page says so (`wanted`), or where it serves better, and says why. */
export function followOneStream(room: Room, wanted: boolean): void {
  let first = wanted;
  room.on('state', (state) => {
    if (state !== 'joined' || !first) return;
    first = false;
    if (room.oneStream.available) room.oneStream.show(size);
    else toast(words.unavailable, 'warning');
  });
  room.on('oneStreamAdvised', (advice) => follow(room, advice));
  room.on('oneStreamFailed', () => toast(words.failed, { tone: 'warning', key: kKey }));
}

function follow(room: Room, advice: OneStreamAdvice): void {
  if (!advice.oneStream) {
    room.oneStream.hide();
    return toast(words.lineIsGood, { key: kKey });
  }
  room.oneStream.show(size);
  toast(advice.because === 'downlink' ? words.weakLine : words.busyProcessor, {
    key: kKey,
    stays: kNoticeTime,
    actions: [{ label: words.back, testId: 'one-stream-undo', run: () => toggleOneStream(room) }],
  });
}
