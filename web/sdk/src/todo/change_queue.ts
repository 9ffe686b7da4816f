import type { TodoChange } from '../protocol';

/** What someone did to one item. */
export type TodoFields = Omit<TodoChange, 'item' | 'age'>;

/** A change that the server does not have yet. */
export interface QueuedChange {
  readonly item: string;
  /** When it was made, in Unix milliseconds of this computer's clock. */
  readonly madeAt: number;
  /** Who adds the item, where the change does. */
  readonly by?: string;
  readonly fields: TodoFields;
}

/** The part of `localStorage` that is used. */
export type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** More changes than this are not made offline: then something is wrong. */
export const kMaxQueued = 500;
/** The server takes nothing older, in milliseconds. */
const kMaxAge = 30 * 24 * 3600 * 1000;

/**
 * Changes on their way to the server, kept in this browser so that a closed tab or a dead battery loses
 * none. Each tab keeps its own; a tab that opens later takes over what others left behind. One that is
 * sent twice does no harm: it says when it was made, and the server has had it.
 */
export class ChangeQueue {
  readonly #keep: Keep | undefined;
  readonly #prefix: string;
  readonly #key: string;
  #changes: QueuedChange[] = [];

  constructor(room: string, tab: string, keep: Keep | undefined, now: number) {
    this.#keep = keep;
    this.#prefix = `parley.todo/${room.toLowerCase()}/`;
    this.#key = this.#prefix + tab;
    attempt(() => this.#takeOver(now));
  }

  get changes(): readonly QueuedChange[] {
    return this.#changes;
  }

  /**
   * False when there is no more room. What a later change of the same item says anew is not sent twice; the
   * first `sent` changes are on their way, and stay as they are.
   */
  add(change: QueuedChange, sent = 0): boolean {
    const waiting = this.#changes.slice(sent).flatMap((earlier) => withoutOverwritten(earlier, change));
    if (sent + waiting.length >= kMaxQueued) return false;
    this.#changes = [...this.#changes.slice(0, sent), ...waiting, change];
    this.#write();
    return true;
  }

  /** These are done with. */
  drop(done: readonly QueuedChange[]): void {
    this.#changes = this.#changes.filter((change) => !done.includes(change));
    this.#write();
  }

  #takeOver(now: number): void {
    const keep = this.#keep;
    if (!keep) return;
    const keys = Array.from({ length: keep.length }, (_, index) => keep.key(index) ?? '');
    for (const key of keys.filter((name) => name.startsWith(this.#prefix))) {
      this.#changes.push(...read(keep.getItem(key)).filter(({ madeAt }) => now - madeAt < kMaxAge));
      keep.removeItem(key);
    }
    this.#changes.sort((a, b) => a.madeAt - b.madeAt);
    this.#changes = this.#changes.slice(-kMaxQueued);
    this.#write();
  }

  #write(): void {
    attempt(() => {
      if (this.#changes.length > 0) this.#keep?.setItem(this.#key, JSON.stringify(this.#changes));
      else this.#keep?.removeItem(this.#key);
    });
  }
}

// A change that adds an item stays as it is: without its text the server would not know the item.
function withoutOverwritten(earlier: QueuedChange, later: QueuedChange): QueuedChange[] {
  if (earlier.item !== later.item || earlier.by !== undefined) return [earlier];
  const rest = Object.entries(earlier.fields).filter(([field]) => !(field in later.fields));
  return rest.length > 0 ? [{ ...earlier, fields: Object.fromEntries(rest) }] : [];
}

// What another version of the page may have left.
function read(text: string | null): QueuedChange[] {
  const parsed: unknown = JSON.parse(text ?? '[]');
  return Array.isArray(parsed) ? parsed.filter(isChange) : [];
}

function isChange(value: unknown): value is QueuedChange {
  if (typeof value !== 'object' || value === null) return false;
  const { item, madeAt, fields } = value as Record<string, unknown>;
  return typeof item === 'string' && typeof madeAt === 'number' && typeof fields === 'object' && fields !== null;
}

// Storage may be full or forbidden: the list works all the same, for as long as the tab is open.
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // As said above.
  }
}
