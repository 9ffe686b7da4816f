import type { Content, Frame, Stream } from './frame';

/** Of somebody who confirms nothing so much is kept; of more the oldest is given up. */
export const kMaxOwed = 1000;
export const kMaxOwedBytes = 1024 * 1024;
/** What is not confirmed for so long is sent again, in milliseconds; twice as long each time. */
export const kPatience = 3000;
const kMaxPatience = 24_000;
/** Who asks gets nothing again more often than this, in milliseconds. */
const kAgainInterval = 400;
/** So much is sent again at once, the rest when that is confirmed: nobody's link or budget is flooded. */
const kBatch = 100;
const kBatchBytes = 128 * 1024;

export type Numbered = Frame & { type: 'numbered' };

interface Receiver {
  /** In the order of their numbers, those not confirmed. */
  readonly owed: Record<Stream, Numbered[]>;
  bytes: number;
  /** The number of the next message to this one alone. */
  nextOne: number;
  /** Since when nothing has been confirmed. */
  since: number;
  patience: number;
  againAt: number;
  /** More is to be sent again when everything before this number is confirmed. */
  readonly batch: Map<Stream, number>;
}

const kStreams: readonly Stream[] = ['all', 'one'];

/**
 * The numbered messages that we sent and that somebody has not confirmed. It knows nothing of ways: whatever happens
 * to those, what is owed is sent again until it is confirmed, and the other end's inbox drops what came twice.
 *
 * Owner: Messages.
 */
export class Outbox {
  readonly #run: number;
  readonly #receivers = new Map<string, Receiver>();
  #nextAll = 0;

  /** `run`: 32 random bits. */
  constructor(run: number) {
    this.#run = run;
  }

  /** Numbers a message to everyone; `sids` are those who are in the room. */
  addForAll(content: Content, sids: Iterable<string>, now: number): Numbered {
    const frame = this.#frame('all', this.#nextAll++, content);
    for (const sid of sids) this.#owe(this.#receiver(sid), frame, now);
    return frame;
  }

  addForOne(content: Content, sid: string, now: number): Numbered {
    const receiver = this.#receiver(sid);
    const frame = this.#frame('one', receiver.nextOne++, content);
    this.#owe(receiver, frame, now);
    return frame;
  }

  /** How many messages somebody has not confirmed. */
  owed(sid: string): number {
    const receiver = this.#receivers.get(sid);
    return receiver ? receiver.owed.all.length + receiver.owed.one.length : 0;
  }

  /** What is owed to somebody, the oldest first, and where it begins: to be sent now. */
  again(sid: string, now: number): Frame[] {
    const receiver = this.#receiver(sid);
    receiver.againAt = now;
    return kStreams.flatMap((stream): Frame[] => {
      const owed = receiver.owed[stream];
      const next = stream === 'all' ? this.#nextAll : receiver.nextOne;
      const mark: Frame = { type: 'mark', run: this.#run, stream, number: owed[0]?.number ?? next };
      const batch = firstOf(owed);
      if (batch.length < owed.length) receiver.batch.set(stream, mark.number + batch.length);
      else receiver.batch.delete(stream);
      return [mark, ...batch];
    });
  }

  /** Takes in a receipt. True: send {@link again} what is owed. */
  confirm(sid: string, receipt: Frame & { type: 'receipt' }, now: number): boolean {
    if (receipt.run !== this.#run) return false;
    const receiver = this.#receiver(sid);
    let more = receipt.again && now - receiver.againAt >= kAgainInterval;
    for (const stream of kStreams) {
      const next = receipt.next[stream] ?? 0;
      if (!drop(receiver, stream, next)) continue;
      receiver.since = now;
      receiver.patience = kPatience;
      more ||= next >= (receiver.batch.get(stream) ?? Infinity);
    }
    return more;
  }

  /** To whom everything is to be sent again: they have confirmed nothing for long. */
  takeLate(now: number): string[] {
    const late = [...this.#receivers].filter(([sid, one]) => this.owed(sid) > 0 && now - one.since >= one.patience);
    for (const [, receiver] of late) {
      receiver.since = now;
      receiver.patience = Math.min(2 * receiver.patience, kMaxPatience);
    }
    return late.map(([sid]) => sid);
  }

  forget(sid: string): void {
    this.#receivers.delete(sid);
  }

  get isEmpty(): boolean {
    return ![...this.#receivers.keys()].some((sid) => this.owed(sid) > 0);
  }

  #frame(stream: Stream, number: number, content: Content): Numbered {
    return { type: 'numbered', run: this.#run, stream, number, content };
  }

  #owe(receiver: Receiver, frame: Numbered, now: number): void {
    const { owed } = receiver;
    if (owed.all.length + owed.one.length === 0) receiver.since = now;
    owed[frame.stream].push(frame);
    receiver.bytes += frame.content.bytes.length;
    while (owed.all.length + owed.one.length > kMaxOwed || receiver.bytes > kMaxOwedBytes) {
      const stream = owed.all.length >= owed.one.length ? 'all' : 'one';
      drop(receiver, stream, (owed[stream][0]?.number ?? 0) + 1);
    }
  }

  #receiver(sid: string): Receiver {
    const known = this.#receivers.get(sid);
    if (known) return known;
    const made: Receiver = {
      ...{ owed: { all: [], one: [] }, bytes: 0, nextOne: 0, since: 0, patience: kPatience },
      ...{ againAt: -Infinity, batch: new Map() },
    };
    this.#receivers.set(sid, made);
    return made;
  }
}

/** Forgets what comes before the number `next`; whether that was anything. */
function drop(receiver: Receiver, stream: Stream, next: number): boolean {
  const owed = receiver.owed[stream];
  const count = owed.findIndex(({ number }) => number >= next);
  const dropped = owed.splice(0, count < 0 ? owed.length : count);
  receiver.bytes -= dropped.reduce((sum, { content }) => sum + content.bytes.length, 0);
  return dropped.length > 0;
}

function firstOf(owed: readonly Numbered[]): Numbered[] {
  let bytes = 0;
  const end = owed.findIndex(({ content }, index) => index >= kBatch || (bytes += content.bytes.length) > kBatchBytes);
  return owed.slice(0, end < 0 ? owed.length : Math.max(end, 1));
}
