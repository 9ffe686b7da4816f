import type { CallLog, CallLogFile } from '@parley/client';
import { Store } from '../state/store';

/** The log is drawn at most so often, in milliseconds. */
export const kDrawInterval = 250;

/**
 * A log that grows, as a value that changes, no oftener than people can see. While it is open, statistics
 * are read every second.
 */
export class LiveLog {
  readonly store: Store<CallLogFile>;
  readonly #log: CallLog;

  constructor(log: CallLog) {
    this.#log = log;
    this.store = new Store(log.snapshot());
  }

  /** Follows the log until the returned function is called. */
  open(): () => void {
    const log = this.#log;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      timer = undefined;
      this.store.set(log.snapshot());
    };
    const stops = [log.watch(), log.on('change', () => (timer ??= setTimeout(draw, kDrawInterval)))];
    draw();
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }
}
