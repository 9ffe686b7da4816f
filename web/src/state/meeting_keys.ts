import type { Room } from '@parley/client';
import { audience } from '../words/lecture';
import { followFullScreen } from './full_screen';
import { toggleHand } from './hand';
import { bringNext } from './lecture/follow_lecture';
import { togglePanel } from './panel';
import { listenToSpace } from './push_to_talk';
import { canShareScreen, toggleScreen } from './screen_share';
import { settings } from './settings';
import { listenToShortcuts, toggle, type Handlers } from './shortcuts';
import { toggleSpeakerView } from './stage';
import { toast } from './toasts';

/** Obeys the keys that do something in a meeting. Returns what ends it. */
export function listenInMeeting(room: Room): () => void {
  const { media } = room;
  const stops = [
    listenToShortcuts(media, {
      ...silentKeys(room),
      hand: () => toggleHand(room),
      speaker: () => (room.lecture.on ? bringNext(room) : toggleSpeakerView()),
      chat: () => togglePanel('chat'),
      people: () => togglePanel('people'),
      todo: () => togglePanel('todo'),
      ...(canShareScreen() && { screen: () => onStageOnly(room, () => void toggleScreen(media)) }),
    }),
    // Who does not push to talk is left alone, as who is heard already.
    listenToSpace({ isOn: () => media.flags.micinf || !mayTalk(room), set: (on) => media.holdToTalk(on) }),
    followFullScreen(),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

// In the audience there is nothing to switch on: it is said what there is instead.
function onStageOnly({ lecture }: Room, deed: () => void): void {
  if (lecture.onStage) deed();
  else toast(audience.silent);
}

function silentKeys(room: Room): Handlers {
  return {
    microphone: () => onStageOnly(room, () => toggle(room.media, 'microphone')),
    camera: () => onStageOnly(room, () => toggle(room.media, 'camera')),
  };
}

function mayTalk({ lecture }: Room): boolean {
  return lecture.onStage && settings.get().pushToTalk;
}
