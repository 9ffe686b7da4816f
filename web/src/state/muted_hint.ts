import type { Room } from '@parley/client';
import { Store } from './store';

/** Whether to tell the person that they speak and nobody hears it. */
export const mutedHint = new Store(false);

/** How long it is told, in milliseconds. */
export const kHintTime = 8000;

/** Tells it when the room notices, until the microphone is on or some time has passed. */
export function followMutedSpeech(room: Pick<Room, 'on' | 'media'>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hide = () => {
    clearTimeout(timer);
    mutedHint.set(false);
  };
  const stops = [
    room.on('speakingWhileMuted', () => {
      hide();
      mutedHint.set(true);
      timer = setTimeout(hide, kHintTime);
    }),
    room.media.on('change', () => {
      if (room.media.flags.micinf) hide();
    }),
  ];
  return () => {
    hide();
    for (const stop of stops) stop();
  };
}
