/** The emojis that can be sent; docs/protocol.md lists the same. */
export const kReactions = ['👍', '👎', '👏', '❤️', '😂', '😮', '😢', '🎉', '🤔', '🙏', '🔥', '👋'] as const;

/** At most so many reactions … */
const kBurst = 5;
/** … and a further one after each of these, in milliseconds. */
const kInterval = 600;

/** Keeps a finger that rests on a key from flooding the room. */
export class ReactionLimit {
  #tokens = kBurst;
  #at = -Infinity;

  /** Whether one more may be sent at the time `now`, in milliseconds. */
  take(now: number): boolean {
    this.#tokens = Math.min(kBurst, this.#tokens + (now - this.#at) / kInterval);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
