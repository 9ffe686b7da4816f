import { useEffect } from 'react';
import type { Sound } from '@parley/client';
import { playSound } from '../state/sound';

/** Plays one person's sound. Draws nothing: sound does not depend on whose tile is in sight. */
export function AudioOutput({ track }: Pick<Sound, 'track'>) {
  useEffect(() => {
    const element = new Audio();
    element.srcObject = new MediaStream([track]);
    const stop = playSound(element);
    return () => {
      stop();
      element.srcObject = null;
    };
  }, [track]);
  return null;
}
