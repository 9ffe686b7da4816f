import type { Content, Frame, Stream } from './frame';

/** Who reloads their page begins anew: so many of their runs are remembered. */
const kMaxRuns = 4;
/** Who misses something says so at most this often, in milliseconds. */
const kAskInterval = 500;

interface Run {
  readonly run: number;
  /** Undefined until we know where to begin. */
  readonly next: Record<Stream, number | undefined>;
  askedAt: number;
  /** Something has come since the last receipt. */
  due: boolean;
}

export type Receipt = Frame & { type: 'receipt' };

/**
 * What has come of the numbered messages of everybody: each is given out once, in the order of its stream, whichever
 * way and however often it comes. What comes too early is not kept: its sender sends again what is not confirmed.
 *
 * Owner: Messages.
 */
export class Inbox {
  readonly #runs = new Map<string, Run[]>();

  /** The message to be given out, if it is its turn; and the receipt to be sent at once, if one is. */
  take(sid: string, frame: Frame & { type: 'numbered' | 'mark' }, now: number): { content?: Content; ask?: Receipt } {
    const run = this.#run(sid, frame.run);
    const { stream, number } = frame;
    const next = run.next[stream] ?? (number === 0 ? 0 : undefined);
    run.due = true;
    if (frame.type === 'mark') {
      run.next[stream] = Math.max(next ?? 0, number);
      return {};
    }
    if (next === number) {
      run.next[stream] = number + 1;
      return { content: frame.content };
    }
    if (next !== undefined && number < next) return {};
    if (now - run.askedAt < kAskInterval) return {};
    run.askedAt = now;
    return { ask: receiptFor(run, true) };
  }

  /** The receipts that are due, with whom they are for. */
  takeReceipts(): { sid: string; receipt: Receipt }[] {
    const receipts: { sid: string; receipt: Receipt }[] = [];
    for (const [sid, runs] of this.#runs) {
      for (const run of runs) {
        if (run.due) receipts.push({ sid, receipt: receiptFor(run, false) });
        run.due = false;
      }
    }
    return receipts;
  }

  forget(sid: string): void {
    this.#runs.delete(sid);
  }

  #run(sid: string, run: number): Run {
    const runs = this.#runs.get(sid) ?? [];
    const known = runs.find((one) => one.run === run);
    if (known) return known;
    const made: Run = { run, next: { all: undefined, one: undefined }, askedAt: -Infinity, due: false };
    this.#runs.set(sid, [...runs, made].slice(-kMaxRuns));
    return made;
  }
}

function receiptFor({ run, next }: Run, again: boolean): Receipt {
  return { type: 'receipt', run, next: { ...next }, again };
}
