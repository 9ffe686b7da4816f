import type { OneStreamAdvice, Room } from '@parley/client';
import { oneStream as words } from '../words/one_stream';
import { AskAgain } from './ask_again';
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

/** What the person chose, where it is not what they get anyway. */
let chosen: { readonly room: Room; readonly oneStream: boolean } | undefined;

/** The audience of a lecture gets everyone in one stream by itself; who is on stage sees tiles. */
function isDefault(oneStream: boolean, { lecture }: Room): boolean {
  return oneStream === !lecture.onStage;
}

/** As the person wants it: everyone in one stream, or each by themselves. */
export function toggleOneStream(room: Room): void {
  dismissToast(kKey);
  const oneStream = !room.oneStream.wanted;
  chosen = isDefault(oneStream, room) ? undefined : { room, oneStream };
  show(room, oneStream);
}

function show({ oneStream }: Room, wanted: boolean): void {
  if (wanted === oneStream.wanted || !oneStream.available) return;
  if (wanted) oneStream.show(size);
  else oneStream.hide();
}

/**
 * Goes into one stream where the link of the page says so (`wanted`), in the audience of a lecture, or where it serves
 * better, and then says why. What the person chose goes before all of it. The audience, who has it by itself, gets it by itself
 * again where the server had none for a while.
 */
export function followOneStream(room: Room, wanted: boolean): void {
  let first = true;
  if (wanted) chosen = { room, oneStream: true };
  room.on('state', (state) => {
    if (state !== 'joined') return;
    if (first && wanted && !room.oneStream.available) toast(words.unavailable, 'warning');
    if (first || !room.lecture.onStage) settle(room);
    first = false;
  });
  room.on('stage', () => settle(room));
  const again = new AskAgain(() => settle(room));
  room.on('oneStreamAdvised', (advice) => room.lecture.onStage && follow(room, advice));
  room.on('oneStreamFailed', () => {
    if (!again.isAsking) toast(words.failed, { tone: 'warning', key: kKey });
    if (!room.lecture.onStage) again.later();
  });
  room.on('change', () => {
    if (room.lecture.onStage || room.oneStream.state === 'on' || room.ending !== undefined) again.stop();
  });
}

function settle(room: Room): void {
  show(room, chosen?.room === room ? chosen.oneStream : !room.lecture.onStage);
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
