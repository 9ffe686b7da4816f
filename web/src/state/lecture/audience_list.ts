import type { AudienceMember, RosterPage, RosterQuery } from '@parley/client';
import { Store } from '../store';

/** The audience as far as it has been read. */
export interface AudienceListState {
  readonly search: string;
  readonly people: readonly AudienceMember[];
  /** Everybody that matches has been read. */
  readonly complete: boolean;
  readonly loading: boolean;
  readonly failed: boolean;
}

/** So many are read at once. */
export const kPage = 50;
/** What is typed is looked for once it rests so long, in milliseconds. */
export const kTypingRest = 250;
/** Pages that are in sight are read again so long after people came or went, in milliseconds. */
export const kRefreshRest = 1500;

interface Page {
  /** Where it begins: the `next` of the page before. */
  readonly after: number | undefined;
  readonly people: readonly AudienceMember[];
}

type Read = (query: RosterQuery) => Promise<RosterPage>;

/**
 * The audience, page by page as somebody scrolls, and by name. What was read gets old: when people come or go, the pages
 * in sight are read again; one page more than the last is never asked for before it is needed.
 */
export class AudienceList {
  readonly store = new Store<AudienceListState>({
    ...{ search: '', people: [], complete: false, loading: false, failed: false },
  });
  readonly #read: Read;
  #pages: readonly Page[] = [];
  #next: number | null | undefined; // Of the last page; undefined before the first.
  #inSight: readonly [first: number, last: number] = [0, 0];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  // Counts what was begun anew: answers to what was asked before are of no use.
  #round = 0;

  constructor(read: Read) {
    this.#read = read;
  }

  /** Looks for a name; at once for everybody again. */
  search(text: string): void {
    this.#set({ search: text });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), text === '' ? 0 : kTypingRest);
  }

  /** Rows `first` to `last` (from 0) are in sight: reads on when the end is near. */
  look(first: number, last: number): void {
    this.#inSight = [first, last];
    const { people, complete, loading, failed } = this.store.get();
    if (!complete && !loading && !failed && last >= people.length - kPage / 2) void this.#more();
  }

  /** After a failure: once more. */
  again(): void {
    void this.#more();
  }

  /** People have come, gone, or raised a hand. */
  stale(): void {
    this.#refresh ??= setTimeout(() => {
      this.#refresh = undefined;
      void this.#readAgain();
    }, kRefreshRest);
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#refresh);
    this.#refresh = undefined;
    this.#round += 1;
    this.#set({ loading: false });
  }

  #begin(): void {
    this.#round += 1;
    this.#pages = [];
    this.#next = undefined;
    this.#set({ people: [], complete: false });
    void this.#more();
  }

  async #more(): Promise<void> {
    if (this.#next === null) return;
    const after = this.#next;
    const page = await this.#ask(after);
    if (!page) return;
    this.#pages = [...this.#pages, { after, people: page.people }];
    this.#next = page.next;
    this.#show({ loading: false, complete: page.next === null });
  }

  // The pages in sight, each from where it began: who left is filled up from behind, and shown but once.
  async #readAgain(): Promise<void> {
    const [first, last] = this.#inSight;
    if (this.store.get().loading) {
      this.stale();
      return;
    }
    for (let index = Math.floor(first / kPage); index <= Math.floor(last / kPage); ++index) {
      const old = this.#pages[index];
      const page = old && (await this.#ask(old.after));
      if (!page) break;
      const isLast = index === this.#pages.length - 1;
      this.#pages = this.#pages.map((one, at) => (at === index ? { ...one, people: page.people } : one));
      if (isLast) this.#next = page.next;
      this.#show({ loading: false, ...(isLast && { complete: page.next === null }) });
    }
  }

  /**
   * Undefined: it failed, or something else was asked for meanwhile. A page that came is for the caller to show, and only
   * with that nothing is loading any more: whoever looks between the two would ask for it again.
   */
  async #ask(after: number | undefined): Promise<RosterPage | undefined> {
    const round = this.#round;
    this.#set({ loading: true, failed: false });
    const { search } = this.store.get();
    try {
      const page = await this.#read({ after, limit: kPage, search: search.trim() });
      return round === this.#round ? page : undefined;
    } catch {
      if (round === this.#round) this.#set({ loading: false, failed: true });
      return undefined;
    }
  }

  #show(more: Partial<AudienceListState>): void {
    const bySid = new Map(this.#pages.flatMap(({ people }) => people.map((person) => [person.sid, person] as const)));
    this.#set({ people: [...bySid.values()], ...more });
  }

  #set(change: Partial<AudienceListState>): void {
    this.store.update((now) => ({ ...now, ...change }));
  }
}

/** Which rows of a list are drawn: those in sight, and a few on either side. */
export function rowsInSight(
  scrolled: number,
  height: number,
  row: number,
  count: number,
): { readonly first: number; readonly last: number } {
  const spare = 6;
  const first = Math.max(0, Math.floor(scrolled / row) - spare);
  const last = Math.min(count - 1, Math.ceil((scrolled + height) / row) + spare);
  return { first: Math.min(first, Math.max(0, count - 1)), last };
}
