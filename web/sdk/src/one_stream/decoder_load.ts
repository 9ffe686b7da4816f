import type { Report } from '../media_path';
import { countersOf, isProcessorBusy, type PictureCounters } from '../picture';

/** Whether this computer can decode all that comes, from one look at a connection to the next. */
export class DecoderLoad {
  #before = new Map<string, PictureCounters>();

  /** True where at least half of the pictures that move are more than it can do. `now` in milliseconds. */
  look(reports: readonly Report[], now: number): boolean {
    const counters = new Map<string, PictureCounters>();
    for (const report of reports) {
      if (report['type'] !== 'inbound-rtp' || report['kind'] !== 'video') continue;
      counters.set(String(report['id']), countersOf(report, now));
    }
    let moving = 0;
    let late = 0;
    for (const [id, after] of counters) {
      const before = this.#before.get(id);
      if (!before || after.decoded + after.dropped === before.decoded + before.dropped) continue;
      moving += 1;
      if (isProcessorBusy(before, after)) late += 1;
    }
    this.#before = counters;
    return moving > 0 && late * 2 >= moving;
  }
}
