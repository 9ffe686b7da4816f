import { Arrival } from './arrival';
import type { MediaPath } from './media_path';
import type { Source } from './protocol';

/** How often it is looked whether media has come by the new way, in milliseconds. */
export const kHandoverInterval = 50;
/** Media that is not there so long after its path stands is not waited for, in milliseconds: it may be paused. */
export const kHandoverPatience = 3000;
/** The old way is kept open so long after ours is not needed, in milliseconds: others may still see us by it. */
export const kHandoverDrain = 2000;

/** Somebody who is to be seen and heard by another way. */
export interface Passenger {
  readonly sid: string;
  /** By which we see and hear them now. */
  readonly link: MediaPath;
}

export interface HandoverOptions {
  passengers(): Iterable<Passenger>;
  /** The way to take to somebody; undefined while there is none. */
  target(sid: string): MediaPath | undefined;
  /** What has to come by it, for nobody to notice the change. */
  expected(sid: string, target: MediaPath): readonly Source[];
  /** Their media comes by it: take it from there. */
  take(sid: string, target: MediaPath): void;
  /** Everybody's does, and the old way may be closed. */
  done(): void;
}

/**
 * Changes the way of everybody's media, make before break: each is taken from the new way once it brings what the old
 * one does, and the old one is closed a while after the last. A way that never brings anything is never taken.
 *
 * Owner: People.
 */
export class Handover {
  readonly #options: HandoverOptions;
  readonly #arrivals = new Map<MediaPath, { readonly arrival: Arrival; readonly since: number }>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HandoverOptions) {
    this.#options = options;
    void this.#look();
  }

  /** Whatever is under way stays as it is. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#arrivals.clear();
  }

  async #look(): Promise<void> {
    const timer = (this.#timer = setTimeout(() => void this.#look(), kHandoverInterval));
    let left = 0;
    for (const { sid, link } of [...this.#options.passengers()]) {
      const target = this.#options.target(sid);
      if (link === target) continue;
      left += 1;
      if (target?.state === 'connected' && (await this.#hasArrived(sid, target))) {
        if (this.#timer !== timer) return; // Cancelled meanwhile.
        this.#options.take(sid, target);
        left -= 1;
      }
    }
    if (left > 0 || this.#timer !== timer) return;
    clearTimeout(timer);
    this.#timer = setTimeout(() => this.#options.done(), kHandoverDrain);
  }

  async #hasArrived(sid: string, target: MediaPath): Promise<boolean> {
    const now = performance.now();
    const known = this.#arrivals.get(target) ?? { arrival: new Arrival(), since: now };
    this.#arrivals.set(target, known);
    const expected = this.#options.expected(sid, target);
    if (expected.length === 0 || now - known.since >= kHandoverPatience) return true;
    try {
      known.arrival.look(target, await target.report());
    } catch {
      return false; // It was closed meanwhile.
    }
    return known.arrival.has(expected);
  }
}
