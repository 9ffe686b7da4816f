import { Store } from './store';

/** A reaction on its way up over the pictures. */
export interface FloatingReaction {
  readonly id: number;
  readonly emoji: string;
  readonly name: string;
  /** Where it rises: 0 at the left to 1 at the right. */
  readonly lane: number;
}

/** How long one floats, in milliseconds; Reactions.module.css has the same. */
export const kFloatTime = 4200;
/** A storm of applause is not to slow the call down. */
const kMaxFloating = 24;

export const reactions = new Store<readonly FloatingReaction[]>([]);
let lastId = 0;

export function floatReaction(emoji: string, name: string): void {
  const id = ++lastId;
  // The golden ratio spreads what follows each other, and is the same in every test.
  const lane = (id * 0.618) % 1;
  reactions.update((shown) => [...shown, { id, emoji, name, lane }].slice(-kMaxFloating));
  setTimeout(() => reactions.update((shown) => shown.filter((other) => other.id !== id)), kFloatTime);
}
