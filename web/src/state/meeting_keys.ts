import type { Room } from '@parley/client';
import { followFullScreen } from './full_screen';
import { toggleHand } from './hand';
import { togglePanel } from './panel';
import { listenToSpace } from './push_to_talk';
import { canShareScreen, toggleScreen } from './screen_share';
import { settings } from './settings';
import { listenToShortcuts } from './shortcuts';

/** Obeys the keys that do something in a meeting. Returns what ends it. */
export function listenInMeeting(room: Room): () => void {
  const { media } = room;
  const stops = [
    listenToShortcuts(media, {
      hand: () => toggleHand(room),
      chat: () => togglePanel('chat'),
      people: () => togglePanel('people'),
      todo: () => togglePanel('todo'),
      ...(canShareScreen() && { screen: () => void toggleScreen(media) }),
    }),
    // Who does not push to talk is left alone, as who is heard already.
    listenToSpace({ isOn: () => media.flags.micinf || !settings.get().pushToTalk, set: (on) => media.holdToTalk(on) }),
    followFullScreen(),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
