import { inboundOf, type MediaPath, type Report } from './media_path';
import type { Source } from './protocol';

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** What has come of a source: decoded frames of a picture, packets of a sound. */
function countOf(source: Source, report: Report): number {
  const isPicture = source === 'camera' || source === 'screen';
  return number(report[isPicture ? 'framesDecoded' : 'packetsReceived']);
}

/**
 * Whether media really comes by a path, source by source: that it is connected does not say so. What a slot counted
 * before the first look was somebody else's perhaps, so only what comes after that counts.
 */
export class Arrival {
  readonly #first = new Map<string, number>();
  readonly #arrived = new Set<string>();

  /** Takes in the statistics of a path. */
  look(path: MediaPath, reports: readonly Report[]): void {
    for (const [source, report] of inboundOf(path, reports)) {
      const key = `${String(report['mid'])} ${source}`;
      const count = countOf(source, report);
      const first = this.#first.get(key);
      if (first === undefined) this.#first.set(key, count);
      else if (count > first) this.#arrived.add(source);
    }
  }

  /** Whether all of these have come. */
  has(sources: Iterable<Source>): boolean {
    return [...sources].every((source) => this.#arrived.has(source));
  }
}
