import { asError } from './errors';

/** Chat, to-do list and questions are read so long after a join, in milliseconds: sound and picture come first. */
export const kReadLater = 1000;

/** Something that is kept on the server, and told in pieces: what was missed is made good by reading all of it. */
export interface Board {
  refresh(): Promise<unknown>;
}

/**
 * When the room's boards (chat, to-do list, questions) are read again as a whole.
 *
 * Owner: Room.
 */
export class BoardReader {
  readonly #boards: readonly Board[];
  readonly #onError: (error: Error) => void;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(boards: readonly Board[], onError: (error: Error) => void) {
    this.#boards = boards;
    this.#onError = onError;
  }

  /** A join was accepted; `first`: of this page. */
  welcome(first: boolean): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.read(), first ? kReadLater : 0);
  }

  read(): void {
    for (const board of this.#boards) void board.refresh().catch((error: unknown) => this.#onError(asError(error)));
  }

  close(): void {
    clearTimeout(this.#later);
  }
}
