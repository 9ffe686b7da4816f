import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter, type Room } from '@parley/client';
import { followMutedSpeech, kHintTime, mutedHint } from './muted_hint';

class Fake extends Emitter<Record<string, undefined>> {
  readonly flags = { micinf: false };
  tell(name: string): void {
    this.emit(name, undefined);
  }
}

describe('the hint that one is muted', () => {
  const [room, media] = [new Fake(), new Fake()];
  let stop: () => void;
  beforeEach(() => {
    vi.useFakeTimers();
    media.flags.micinf = false;
    stop = followMutedSpeech(Object.assign(room, { media }) as unknown as Room);
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('comes when one speaks, and goes after a while', () => {
    room.tell('speakingWhileMuted');
    expect(mutedHint.get()).toBe(true);
    vi.advanceTimersByTime(kHintTime);
    expect(mutedHint.get()).toBe(false);
  });

  it('goes as soon as the microphone is on', () => {
    room.tell('speakingWhileMuted');
    media.tell('change'); // The camera, for one.
    expect(mutedHint.get()).toBe(true);
    media.flags.micinf = true;
    media.tell('change');
    expect(mutedHint.get()).toBe(false);
  });

  it('goes with the meeting', () => {
    room.tell('speakingWhileMuted');
    stop();
    expect(mutedHint.get()).toBe(false);
  });
});
