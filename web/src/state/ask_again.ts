/** When to ask again, in milliseconds: later each time, and of many not all at once. */
export const kAskAgain = { first: 20_000, most: 320_000, spread: 0.5 };

/** Asks again for what the server could not give, which may pass: until it is there, or nobody wants it any more. */
export class AskAgain {
  readonly #ask: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = kAskAgain.first;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** It was in vain before, and nothing has stopped it since. */
  get isAsking(): boolean {
    return this.#timer !== undefined;
  }

  later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#ask, this.#wait * (1 + kAskAgain.spread * Math.random()));
    this.#wait = Math.min(2 * this.#wait, kAskAgain.most);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wait = kAskAgain.first;
  }
}
