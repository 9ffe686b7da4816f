import { Store } from './store';

/** A reaction on its way up over the pictures. */
export interface FloatingReaction {
  readonly id: number;
  readonly emoji: string;
  /** Whose it is, or how many it stands for: `×12`. */
  readonly name: string;
  /** Where it rises: 0 at the left to 1 at the right. */
  readonly lane: number;
}

/** How long one floats, in milliseconds; Reactions.module.css has the same. */
export const kFloatTime = 4200;
/** A storm of applause is not to slow the call down. */
export const kMaxFloating = 24;
/** Of an audience's reactions with one emoji, so many rise at most: the first says how many there are. */
const kMaxOfOne = 4;
/** A screen reader hears of an audience's reactions at most so often, in milliseconds. */
const kSaidRest = 6000;

export const reactions = new Store<readonly FloatingReaction[]>([]);
/** What a screen reader is told of them. */
export const reactionSaid = new Store<{ readonly emoji: string; readonly name: string } | undefined>(undefined);
let lastId = 0;
let saidAt = -Infinity;

export function floatReaction(emoji: string, name: string): void {
  reactionSaid.set({ emoji, name });
  float(emoji, name);
}

/** How often an audience has reacted with each since the last time. */
export function floatReactions(counts: Readonly<Record<string, number>>): void {
  const byCount = Object.entries(counts).sort(([, a], [, b]) => b - a);
  for (const [emoji, count] of byCount) {
    const rising = Math.min(kMaxOfOne, 1 + Math.floor(Math.log2(count)));
    for (let one = 0; one < rising; ++one) float(emoji, one === 0 && count > 1 ? `×${count}` : '');
  }
  const [first] = byCount;
  const now = performance.now();
  if (!first || now - saidAt < kSaidRest) return;
  saidAt = now;
  reactionSaid.set({ emoji: first[0], name: String(first[1]) });
}

function float(emoji: string, name: string): void {
  const id = ++lastId;
  // The golden ratio spreads what follows each other, and is the same in every test.
  const lane = (id * 0.618) % 1;
  reactions.update((shown) => [...shown, { id, emoji, name, lane }].slice(-kMaxFloating));
  setTimeout(() => reactions.update((shown) => shown.filter((other) => other.id !== id)), kFloatTime);
}
