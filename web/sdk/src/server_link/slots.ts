import type { Slot, Source } from '../protocol';
import { noteRemapped } from './slot_tracks';

interface Held {
  readonly sid: string;
  /** Undefined of everyone in one. */
  readonly source: Source | undefined;
}

/** In place of a `sid`: the slot carries everyone, in one picture or one sound. */
export const kEveryone = '';

const kNobody: ReadonlyMap<Source, RTCRtpReceiver> = new Map();

/**
 * What each receive section carries: the server tells it by mid (`slots`), and changes it without an offer. What it
 * told holds whatever connection there is; a connection only lends the receivers.
 *
 * Owner: ServerLink.
 */
export class Slots {
  readonly #held = new Map<string, Held>();
  #receivers = new Map<string, RTCRtpReceiver>();
  // By sid; made when asked for.
  #people: Map<string, Map<Source, RTCRtpReceiver>> | undefined;
  // Those that the server has emptied, while they are kept.
  #kept: Set<string> | undefined;

  /** Takes in what changed. Tells whom it concerns, by sid. */
  assign(slots: readonly Slot[], now: number): ReadonlySet<string> {
    const concerned = new Set<string>();
    for (const slot of slots) {
      const { mid } = slot;
      const [before, after] = [this.#held.get(mid), heldBy(slot)];
      if (!after && before && this.#kept) {
        this.#kept.add(mid);
        continue;
      }
      this.#kept?.delete(mid);
      if (before?.sid === after?.sid && before?.source === after?.source) continue;
      if (before) concerned.add(before.sid);
      if (after) this.#hold(mid, after, now);
      else this.#held.delete(mid);
      if (after) concerned.add(after.sid);
    }
    this.#people = undefined;
    return concerned;
  }

  /** What the server empties from now on stays as it was, its last picture in sight, until {@link release}. */
  keep(): void {
    this.#kept ??= new Set();
  }

  /** What was emptied meanwhile is empty. Tells whom it concerns, by sid. */
  release(): ReadonlySet<string> {
    const mids = this.#kept ?? new Set();
    this.#kept = undefined;
    const concerned = new Set([...mids].flatMap((mid) => this.#held.get(mid)?.sid ?? []));
    for (const mid of mids) this.#held.delete(mid);
    this.#people = undefined;
    return concerned;
  }

  /** These sections receive from now on; none when there is no connection. */
  attach(transceivers: readonly Pick<RTCRtpTransceiver, 'mid' | 'receiver'>[], now: number): ReadonlySet<string> {
    this.#receivers = new Map(transceivers.flatMap(({ mid, receiver }) => (mid === null ? [] : [[mid, receiver]])));
    for (const receiver of this.#receivers.values()) noteRemapped(receiver.track, now);
    this.#people = undefined;
    return new Set([...this.#held.values()].map(({ sid }) => sid));
  }

  /** Forgets what was told: a new connection begins with empty slots. Tells whom it concerns. */
  clear(): ReadonlySet<string> {
    const concerned = new Set([...this.#held.values()].map(({ sid }) => sid));
    this.#held.clear();
    this.#kept?.clear();
    this.#people = undefined;
    return concerned;
  }

  /** What arrives of somebody's. The same map until a slot of theirs changes. */
  receiversOf(sid: string): ReadonlyMap<Source, RTCRtpReceiver> {
    this.#people ??= this.#group();
    return this.#people.get(sid) ?? kNobody;
  }

  /** The sections of somebody's, by mid; of everyone in one: {@link kEveryone}. */
  midsOf(sid: string): ReadonlySet<string> {
    return new Set([...this.#held].filter(([, held]) => held.sid === sid).map(([mid]) => mid));
  }

  /** What arrives of everyone in one, by kind. */
  everyone(kind: 'audio' | 'video'): { readonly mid: string; readonly track: MediaStreamTrack } | undefined {
    for (const mid of this.midsOf(kEveryone)) {
      const track = this.#receivers.get(mid)?.track;
      if (track?.kind === kind) return { mid, track };
    }
    return undefined;
  }

  /** The slots for sound, by mid, and whose it is. */
  get sounds(): { readonly mid: string; readonly track: MediaStreamTrack; readonly sid: string | undefined }[] {
    return [...this.#receivers]
      .filter(([, { track }]) => track.kind === 'audio')
      .map(([mid, { track }]) => ({ mid, track, sid: this.#held.get(mid)?.sid }));
  }

  #hold(mid: string, held: Held, now: number): void {
    this.#held.set(mid, held);
    const receiver = this.#receivers.get(mid);
    if (receiver) noteRemapped(receiver.track, now);
  }

  #group(): Map<string, Map<Source, RTCRtpReceiver>> {
    const people = new Map<string, Map<Source, RTCRtpReceiver>>();
    for (const [mid, { sid, source }] of this.#held) {
      const receiver = this.#receivers.get(mid);
      if (!receiver || source === undefined) continue;
      const receivers = people.get(sid) ?? new Map<Source, RTCRtpReceiver>();
      people.set(sid, receivers.set(source, receiver));
    }
    return people;
  }
}

function heldBy({ sid, source, oneStream }: Slot): Held | undefined {
  if (oneStream) return { sid: kEveryone, source: undefined };
  return sid !== undefined && source !== undefined ? { sid, source } : undefined;
}
