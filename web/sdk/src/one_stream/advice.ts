/** Why everyone in one stream would serve better. */
export type OneStreamReason = 'downlink' | 'processor';

/** What a look at the meeting sees. */
export interface OneStreamLook {
  /** Whether everyone comes in one stream, whoever wanted it. */
  readonly oneStream: boolean;
  /** How many pictures of others are shown. */
  readonly pictures: number;
  /** What the line carries from the server, in bits a second; undefined where the server has not told. */
  readonly estimate: number | undefined;
  /** Whether the server says that it is the line that keeps a picture from being better. */
  readonly lineLimits: boolean;
  /** Whether the decoders of this computer do not keep up. */
  readonly busy: boolean;
}

export type OneStreamAdvice =
  { readonly oneStream: true; readonly because: OneStreamReason } | { readonly oneStream: false };

/** A line that carries less (bits a second) cannot show many people apart. */
export const kWeakLine = 300_000;
/** One that carries this again can: twice as much, so that it is not asked back and forth. */
export const kGoodLine = 600_000;
/** So many pictures are many for a weak line; two are more than one for a weak computer. */
export const kManyPictures = 4;
export const kSeveralPictures = 2;
/** So many looks in a row have to say it: one that says otherwise begins anew. A look is 3 s. */
export const kLooksToEnter = 3;
export const kLooksToLeave = 10;

/**
 * Decides when somebody is better off with everyone in one stream, and when no longer.
 *
 * Into it where, for some seconds, the line is weak for the many pictures that are shown, or the computer cannot decode
 * them; out of it only where it was the line that led there, and that is good again for long. What people do themselves
 * goes before: whoever chose one stream stays, and whoever went back to tiles is not asked again.
 */
export class OneStreamRule {
  #advised: OneStreamReason | undefined;
  #silent = false;
  #was = false;
  #weak = 0;
  #late = 0;
  #good = 0;

  look({ oneStream, pictures, estimate, lineLimits, busy }: OneStreamLook): OneStreamAdvice | undefined {
    this.#note(oneStream);
    if (this.#silent) return undefined;
    const line = estimate ?? Infinity;
    if (oneStream) {
      const leaves = this.#advised === 'downlink' && estimate !== undefined && line >= kGoodLine;
      this.#good = leaves ? this.#good + 1 : 0;
      if (this.#good < kLooksToLeave) return undefined;
      this.#advised = undefined;
      this.#was = false;
      this.#begin();
      return { oneStream: false };
    }
    this.#weak = line < kWeakLine && lineLimits && pictures >= kManyPictures ? this.#weak + 1 : 0;
    this.#late = busy && pictures >= kSeveralPictures ? this.#late + 1 : 0;
    if (Math.max(this.#weak, this.#late) < kLooksToEnter) return undefined;
    const because = this.#weak >= kLooksToEnter ? 'downlink' : 'processor';
    this.#begin();
    this.#advised = because;
    return { oneStream: true, because };
  }

  // One stream that is over although nothing was said: the person went back.
  #note(oneStream: boolean): void {
    if (this.#was && !oneStream) this.#silent = true;
    this.#was = oneStream;
  }

  #begin(): void {
    this.#weak = this.#late = this.#good = 0;
  }
}
