/** Counts how long someone speaks. Times are in milliseconds. */
export class SpeechTime {
  #total = 0;
  #since: number | undefined;

  /** Tells whether they speak at the time `now`. */
  update(now: number, speaking: boolean): void {
    if (speaking) {
      this.#since ??= now;
    } else if (this.#since !== undefined) {
      this.#total += now - this.#since;
      this.#since = undefined;
    }
  }

  /** In all, up to `now`. */
  total(now: number): number {
    return this.#total + this.current(now);
  }

  /** This time, up to `now`; 0 while they do not speak. */
  current(now: number): number {
    return this.#since === undefined ? 0 : Math.max(0, now - this.#since);
  }
}
