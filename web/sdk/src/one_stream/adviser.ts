import type { Report } from '../media_path';
import type { ServerEvent } from '../protocol';
import { OneStreamRule, type OneStreamAdvice } from './advice';
import { DecoderLoad } from './decoder_load';
import type { OneStream } from './one_stream';

/**
 * Looks whether somebody would be better off with everyone in one stream, or no longer ({@link OneStreamRule}).
 *
 * Owner: Ways.
 */
export class OneStreamAdviser {
  readonly #oneStream: Pick<OneStream, 'available' | 'wanted'>;
  readonly #advise: (advice: OneStreamAdvice) => void;
  readonly #rule = new OneStreamRule();
  readonly #load = new DecoderLoad();
  #estimate: number | undefined;
  #lineLimits = false;

  constructor(oneStream: Pick<OneStream, 'available' | 'wanted'>, advise: (advice: OneStreamAdvice) => void) {
    this.#oneStream = oneStream;
    this.#advise = advise;
  }

  /** What the server told of the line and of the pictures that it sends. */
  setTold({ estimate, tiles }: ServerEvent<'quality'>): void {
    this.#estimate = estimate;
    this.#lineLimits = tiles.some(({ limit }) => limit === 'downlink');
  }

  /** To be called every few seconds, with statistics of the connection with the server; `now` in milliseconds. */
  look(reports: readonly Report[], pictures: number, now: number): void {
    const busy = this.#load.look(reports, now);
    if (!this.#oneStream.available) return;
    const advice = this.#rule.look({
      ...{ pictures, busy },
      oneStream: this.#oneStream.wanted,
      estimate: this.#estimate,
      lineLimits: this.#lineLimits,
    });
    if (advice) this.#advise(advice);
  }
}
