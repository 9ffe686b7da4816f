/**
 * Something of the app that is fetched when it is needed, or ahead of it. What could not be fetched is asked for anew the
 * next time: React's `lazy` would keep the failure for good.
 */
export class Later<T> {
  readonly #fetch: () => Promise<T>;
  #fetched: Promise<T> | undefined;
  #isThere = false;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
    known.add(this);
  }

  get isThere(): boolean {
    return this.#isThere;
  }

  readonly get = (): Promise<T> => {
    this.#fetched ??= this.#fetch().then(
      (found) => {
        this.#isThere = true;
        return found;
      },
      (error: unknown) => {
        this.#fetched = undefined;
        throw error;
      },
    );
    return this.#fetched;
  };
}

const known = new Set<Later<unknown>>();

/** Fetches all of it, one after the other, each once `quiet` has come; also what becomes known by that. */
export async function fetchAhead(quiet: () => Promise<boolean>): Promise<void> {
  for (const part of known) {
    if (part.isThere) continue;
    if (!(await quiet())) return;
    await part.get().catch(() => undefined); // It will be tried again when it is needed.
  }
}
