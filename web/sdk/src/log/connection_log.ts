import type { LogEntry, LoggedConnection, LogSample, PairInfo } from './schema';
import type { Step } from './steps';

/** How a call began is what is asked most, so the first entries stay; of what follows, the newest. */
export const kMaxFirstEntries = 250;
export const kMaxLastEntries = 250;
/** Descriptions are large: so many keep their text, the first half and the newest. */
export const kMaxDescriptions = 8;
/** Ten minutes of the inspector's pace, twenty of the usual one. */
export const kMaxSamples = 600;
const kMaxText = 64 << 10;

export type EntryDetails = Omit<LogEntry, 'at' | 'step'>;

/** What happened on one connection, the signalling or a peer's, in the order of time and in bounded memory. */
export class ConnectionLog {
  readonly id: string;
  readonly kind: LoggedConnection['kind'];
  readonly sid: string;
  readonly name: string;
  pairs: PairInfo[] = [];
  closed = false;
  readonly #now: () => number;
  readonly #changed: () => void;
  readonly #entries: LogEntry[] = [];
  readonly #samples: LogSample[] = [];
  #dropped = 0;

  /** `now` is in milliseconds since the link was opened; `changed` is called after each entry and sample. */
  constructor(
    { id, kind, sid, name }: Pick<LoggedConnection, 'id' | 'kind' | 'sid' | 'name'>,
    now: () => number,
    changed: () => void,
  ) {
    this.id = id;
    this.kind = kind;
    this.sid = sid;
    this.name = name;
    this.#now = now;
    this.#changed = changed;
  }

  get now(): number {
    return this.#now();
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  has(step: Step): boolean {
    return this.#entries.some((entry) => entry.step === step);
  }

  /** Notes what happened: now, or at an earlier time that has only just come to light. */
  add(step: Step, details: EntryDetails = {}, at = this.#now()): void {
    const entry: LogEntry = { at, step, ...details };
    if (entry.sdp) entry.sdp = entry.sdp.slice(0, kMaxText);
    if (entry.message) entry.message = entry.message.slice(0, 500);
    const before = this.#entries.findLastIndex((earlier) => earlier.at <= at);
    this.#entries.splice(before + 1, 0, entry);
    if (this.#entries.length > kMaxFirstEntries + kMaxLastEntries) {
      this.#entries.splice(kMaxFirstEntries, 1);
      this.#dropped += 1;
    }
    if (entry.sdp) this.#forgetDescriptions();
    this.#changed();
  }

  addSample(sample: LogSample): void {
    this.#samples.push(sample);
    if (this.#samples.length > kMaxSamples) this.#samples.shift();
    this.#changed();
  }

  snapshot(): LoggedConnection {
    const { id, kind, sid, name, closed } = this;
    return {
      ...{ id, kind, sid, name, closed },
      dropped: this.#dropped,
      entries: [...this.#entries],
      samples: [...this.#samples],
      pairs: [...this.pairs],
    };
  }

  #forgetDescriptions(): void {
    const described = this.#entries.filter(({ sdp }) => sdp);
    if (described.length <= kMaxDescriptions) return;
    const oldest = described[kMaxDescriptions / 2];
    if (oldest) delete oldest.sdp;
  }
}
