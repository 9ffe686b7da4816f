import type { Slot, Source } from '../protocol';
import { noteRemapped } from './slot_tracks';

interface Held {
  readonly sid: string;
  readonly source: Source;
}

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

  /** Takes in what changed. Tells whom it concerns, by sid. */
  assign(slots: readonly Slot[], now: number): ReadonlySet<string> {
    const concerned = new Set<string>();
    for (const { mid, sid, source } of slots) {
      const before = this.#held.get(mid);
      if (before?.sid === sid && before?.source === source) continue;
      if (before) concerned.add(before.sid);
      if (sid !== undefined && source !== undefined) {
        this.#held.set(mid, { sid, source });
        concerned.add(sid);
        const receiver = this.#receivers.get(mid);
        if (receiver) noteRemapped(receiver.track, now);
      } else {
        this.#held.delete(mid);
      }
    }
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
    this.#people = undefined;
    return concerned;
  }

  /** What arrives of somebody's. The same map until a slot of theirs changes. */
  receiversOf(sid: string): ReadonlyMap<Source, RTCRtpReceiver> {
    this.#people ??= this.#group();
    return this.#people.get(sid) ?? kNobody;
  }

  /** The sections of somebody's, by mid. */
  midsOf(sid: string): ReadonlySet<string> {
    return new Set([...this.#held].filter(([, held]) => held.sid === sid).map(([mid]) => mid));
  }

  /** The slots for sound, by mid, and whose it is. */
  get sounds(): { readonly mid: string; readonly track: MediaStreamTrack; readonly sid: string | undefined }[] {
    return [...this.#receivers]
      .filter(([, { track }]) => track.kind === 'audio')
      .map(([mid, { track }]) => ({ mid, track, sid: this.#held.get(mid)?.sid }));
  }

  #group(): Map<string, Map<Source, RTCRtpReceiver>> {
    const people = new Map<string, Map<Source, RTCRtpReceiver>>();
    for (const [mid, { sid, source }] of this.#held) {
      const receiver = this.#receivers.get(mid);
      if (!receiver) continue;
      const receivers = people.get(sid) ?? new Map<Source, RTCRtpReceiver>();
      people.set(sid, receivers.set(source, receiver));
    }
    return people;
  }
}
