import type { Room } from '@parley/client';
import { hostLecture, lecture as words, onStage as stageWords } from '../../words/lecture';
import { HandsNotice } from './hands_notice';
import { attempt } from '../hosting';
import { floatReactions } from '../reactions';
import { toast } from '../toasts';
import { stagePrompt } from './stage_prompt';

/** Says what happens in a lecture; `wanted`: the address asks for one. */
export function followLecture(room: Room, wanted: boolean): void {
  stagePrompt.set(undefined);
  let first = wanted;
  const hands = new HandsNotice((sid, name) => attempt(room.host.stage(sid, true), stageWords.came(name)));
  room.on('state', (state) => {
    if (state === 'left' || state === 'failed') stagePrompt.set(undefined);
    if (state === 'joined' && first && room.isHost && !room.lecture.on) toast(words.notHere, 'warning');
    if (state === 'joined') first = false;
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
