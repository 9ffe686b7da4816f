import { Store } from '../store';
import { FormError } from './form';
import type { Trouble } from './trouble';

interface ListingState<T> {
  /** Undefined until it has come. */
  readonly items: readonly T[] | undefined;
  readonly trouble: Trouble | undefined;
}

/** A list that the server keeps: asked for when it is shown, and again after each change. */
export class Listing<T> extends Store<ListingState<T>> {
  readonly #fetch: () => Promise<readonly T[]>;
  // Counts requests: an older answer does not overwrite a newer.
  #request = 0;

  constructor(fetch: () => Promise<readonly T[]>) {
    super({ items: undefined, trouble: undefined });
    this.#fetch = fetch;
  }

  async load(): Promise<void> {
    const request = ++this.#request;
    try {
      const items = await this.#fetch();
      if (request === this.#request) this.set({ items, trouble: undefined });
    } catch (error) {
      if (request === this.#request) this.#fail(error);
    }
  }

  /** Does something to it, and looks anew. A failure is shown over the list; true if there was none. */
  async change(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      await this.load();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** Forgets it: it was another's. */
  clear(): void {
    this.#request += 1;
    this.set({ items: undefined, trouble: undefined });
  }

  #fail(error: unknown): void {
    if (!(error instanceof FormError)) throw error;
    this.update((now) => ({ ...now, trouble: error.trouble }));
  }
}
