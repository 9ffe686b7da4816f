import type { Room } from '@parley/client';
import { hostLecture, lecture as words, onStage as stageWords } from '../../words/lecture';
import { HandsNotice } from './hands_notice';
import { attempt } from '../hosting';
import { floatReactions } from '../reactions';
import { toast } from '../toasts';
import { stagePrompt } from './stage_prompt';

/** What the address asks for: a lecture, or a place on the stage of one. */
export interface LectureLink {
  readonly lecture: boolean;
  readonly speaks: boolean;
}

/** Says what happens in a lecture. */
export function followLecture(room: Room, link: LectureLink): void {
  stagePrompt.set(undefined);
  let first = true;
  const hands = new HandsNotice((sid, name) => attempt(room.host.stage(sid, true), stageWords.came(name)));
  room.on('state', (state) => {
    if (state === 'left' || state === 'failed') stagePrompt.set(undefined);
    if (state !== 'joined') return;
    if (first && link.lecture && room.isHost && !room.lecture.on) toast(words.notHere, 'warning');
    if (first && link.speaks && room.lecture.on && !room.lecture.onStage) toast(stageWords.noPlace, 'warning');
    first = false;
  });
  room.on('stage', ({ onStage, by }) => tellPlace(room, onStage, by?.name));
  room.on('audience', ({ hands: count, raised }) => hands.update(room.isHost ? raised : [], count));
  room.on('settings', ({ settings }) => {
    if (!settings.lecture) hands.update([], 0);
  });
  room.on('reactions', floatReactions);
  // Whoever has turned something on needs no more asking.
  room.media.on('change', () => {
    const { micinf, vidinf } = room.media.flags;
    if (micinf || vidinf) stagePrompt.set(undefined);
  });
}

function tellPlace({ lecture, isHost }: Room, onStage: boolean, host: string | undefined): void {
  if (onStage && lecture.on) return stagePrompt.set({ host });
  stagePrompt.set(undefined);
  if (onStage) return toast(stageWords.over);
  if (isHost) return;
  toast(host ? stageWords.offBy(host) : stageWords.off, 'warning');
}

/** Brings whoever raised a hand first on stage. */
export function bringNext(room: Room): void {
  const [next] = room.lecture.audience?.raised ?? [];
  if (!room.isHost || !room.lecture.on) return;
  if (!next) return toast(hostLecture.noHands);
  attempt(room.host.stage(next.sid, true), stageWords.came(next.name));
}
