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
  // While kept: what slots carried before they were emptied, or went from people to everyone or back.
  #kept: Map<string, Held> | undefined;

  /** Takes in what changed. Tells whom it concerns, by sid. */
  assign(slots: readonly Slot[], now: number): ReadonlySet<string> {
    const concerned = new Set<string>();
    for (const slot of slots) {
      const { mid } = slot;
      const [before, after] = [this.#held.get(mid), heldBy(slot)];
      if (before?.sid === after?.sid && before?.source === after?.source) continue;
      if (before) concerned.add(before.sid);
      if (before) this.#keep(mid, before, after);
      if (after) this.#hold(mid, after, now);
      else this.#held.delete(mid);
      if (after) concerned.add(after.sid);
    }
    this.#people = undefined;
    return concerned;
  }

  /**
   * Until {@link release}, who loses a slot from now on keeps it, its last picture in sight: where it is empty, and where
   * it carries everyone in place of them, or them in place of everyone.
   */
  keep(): void {
    this.#kept ??= new Map();
  }

  /** Nobody keeps what is no longer theirs. Tells whom it concerns, by sid. */
  release(): ReadonlySet<string> {
    const concerned = new Set([...(this.#kept?.values() ?? [])].map(({ sid }) => sid));
    this.#kept = undefined;
    this.#people = undefined;
    return concerned;
  }

  /** These sections receive from now on; none when there is no connection. Tells whom those concern that are new. */
  attach(transceivers: readonly Pick<RTCRtpTransceiver, 'mid' | 'receiver'>[], now: number): ReadonlySet<string> {
    const before = this.#receivers;
    this.#receivers = new Map(transceivers.flatMap(({ mid, receiver }) => (mid === null ? [] : [[mid, receiver]])));
    this.#people = undefined;
    const concerned = new Set<string>();
    for (const [mid, receiver] of this.#receivers) {
      if (before.get(mid) === receiver) continue;
      const held = this.#held.get(mid);
      noteRemapped(receiver.track, now, held && whoseIs(held));
      if (held) concerned.add(held.sid);
    }
    return concerned;
  }

  /** Whether all sections for pictures carry one. */
  get isFull(): boolean {
    const pictures = [...this.#receivers].filter(([, { track }]) => track.kind === 'video');
    return pictures.length > 0 && pictures.every(([mid]) => this.#held.has(mid));
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
    return this.#everyoneOf(this.#held, kind);
  }

  /** The picture of everyone that is there, or that is kept. */
  get everyonesPicture(): MediaStreamTrack | undefined {
    return (this.everyone('video') ?? this.#everyoneOf(this.#kept ?? new Map(), 'video'))?.track;
  }

  /** The slots for sound, by mid, and whose it is. */
  get sounds(): { readonly mid: string; readonly track: MediaStreamTrack; readonly sid: string | undefined }[] {
    return [...this.#receivers]
      .filter(([, { track }]) => track.kind === 'audio')
      .map(([mid, { track }]) => ({ mid, track, sid: this.#held.get(mid)?.sid }));
  }

  #everyoneOf(held: ReadonlyMap<string, Held>, kind: string): { mid: string; track: MediaStreamTrack } | undefined {
    for (const [mid, { sid }] of held) {
      const track = this.#receivers.get(mid)?.track;
      if (sid === kEveryone && track?.kind === kind) return { mid, track };
    }
    return undefined;
  }

  // Somebody else's picture in their place would be worse than none.
  #keep(mid: string, before: Held, after: Held | undefined): void {
    const isAnothers = after !== undefined && after.sid !== kEveryone && before.sid !== kEveryone;
    if (isAnothers) this.#kept?.delete(mid);
    else if (!this.#kept?.has(mid)) this.#kept?.set(mid, before);
  }

  #hold(mid: string, held: Held, now: number): void {
    this.#held.set(mid, held);
    const receiver = this.#receivers.get(mid);
    if (receiver) noteRemapped(receiver.track, now, whoseIs(held));
  }

  #group(): Map<string, Map<Source, RTCRtpReceiver>> {
    const people = new Map<string, Map<Source, RTCRtpReceiver>>();
    // What is theirs goes before what they keep.
    for (const [mid, { sid, source }] of [...(this.#kept ?? []), ...this.#held]) {
      const receiver = this.#receivers.get(mid);
      if (!receiver || source === undefined) continue;
      const receivers = people.get(sid) ?? new Map<Source, RTCRtpReceiver>();
      people.set(sid, receivers.set(source, receiver));
    }
    return people;
  }
}

function whoseIs({ sid, source }: Held): string {
  return source === undefined ? kEveryone : `${sid}/${source}`;
}

function heldBy({ sid, source, oneStream }: Slot): Held | undefined {
  if (oneStream) return { sid: kEveryone, source: undefined };
  return sid !== undefined && source !== undefined ? { sid, source } : undefined;
}
