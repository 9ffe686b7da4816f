import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { floatReaction, floatReactions, kFloatTime, kMaxFloating, reactions } from './reactions';

describe('floating reactions', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.runAllTimers();
    vi.useRealTimers();
  });

  it('rise beside each other, and are gone after a while', () => {
    floatReaction('👍', 'Ada');
    floatReaction('🎉', 'Bob');
    const [first, second] = reactions.get();
    expect([first?.emoji, second?.name]).toEqual(['👍', 'Bob']);
    expect(Math.abs((first?.lane ?? 0) - (second?.lane ?? 0))).toBeGreaterThan(0.2);
    vi.advanceTimersByTime(kFloatTime);
    expect(reactions.get()).toEqual([]);
  });

  it('are few, however many come', () => {
    for (let i = 0; i < 500; ++i) floatReaction('👏', 'Ada');
    expect(reactions.get()).toHaveLength(24);
    expect(reactions.get().every(({ lane }) => lane >= 0 && lane < 1)).toBe(true);
  });

  it('stand for many of an audience, the first with how many', () => {
    floatReactions({ '🎉': 1, '👏': 57 });
    expect(reactions.get().map(({ emoji, name }) => emoji + name)).toEqual(['👏×57', '👏', '👏', '👏', '🎉']);
    for (let i = 0; i < 50; ++i) floatReactions({ '👏': 900, '❤️': 400, '😂': 20 });
    expect(reactions.get()).toHaveLength(kMaxFloating);
  });
});
