import type { RoomEvents } from './room_events';
import type { Signalling } from './signalling';

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

export interface ReactionsOptions {
  readonly signalling: Pick<Signalling, 'send' | 'state'>;
  readonly self: () => { readonly sid: string | undefined; readonly name: string };
  readonly emit: (name: 'reaction', event: RoomEvents['reaction']) => void;
}

/**
 * Our own reactions: shown here at once, and to the others.
 *
 * Owner: Room.
 */
export class OwnReactions {
  readonly #options: ReactionsOptions;
  readonly #limit = new ReactionLimit();
  // Sent, and not yet among the sums that the server tells of an audience.
  readonly #unsummed = new Map<string, number>();

  constructor(options: ReactionsOptions) {
    this.#options = options;
  }

  /** False when there were too many just now, or there is no connection. */
  send(emoji: string, isSummed: boolean): boolean {
    const { signalling, self, emit } = this.#options;
    if (signalling.state !== 'joined' || !this.#limit.take(performance.now())) return false;
    signalling.send('react', { emoji });
    if (isSummed) this.#unsummed.set(emoji, (this.#unsummed.get(emoji) ?? 0) + 1);
    const { sid = '', name } = self();
    emit('reaction', { sid, name, emoji, self: true });
    return true;
  }

  /** The sums without ours, which were shown already. */
  othersOf(counts: Readonly<Record<string, number>>): Record<string, number> {
    const others = Object.entries(counts).map(([emoji, count]) => {
      const own = Math.min(this.#unsummed.get(emoji) ?? 0, count);
      this.#unsummed.set(emoji, (this.#unsummed.get(emoji) ?? 0) - own);
      return [emoji, count - own] as const;
    });
    return Object.fromEntries(others.filter(([, count]) => count > 0));
  }
}
