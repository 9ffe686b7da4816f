import type { Room } from '@parley/client';
import { Store } from '../store';

/** To whom it is said that they are on stage now, and by whose doing; undefined: to nobody. */
export const stagePrompt = new Store<{ readonly host: string | undefined } | undefined>(undefined);

/** Turns on what the person chose. Nothing is turned on but by them. */
export function startOnStage({ media }: Pick<Room, 'media'>, what: 'both' | 'microphone'): void {
  stagePrompt.set(undefined);
  void media.start({ microphone: true, camera: what === 'both' });
}
