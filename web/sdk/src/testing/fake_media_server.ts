import type { MediaOffer, Topology } from '../protocol';
import { Refusal } from './refusal';
import type { Fields } from './fake_server';

/** The media half of a fake server: it answers offers by the book, and moves no media. */
export class FakeMediaServer {
  topology: Topology = 'p2p';
  /** Whether there is a media server at all. */
  carries = true;
  /** Each `connect` that came, with whose it was. */
  readonly connects: { readonly sid: string; readonly restart: boolean; readonly offer: MediaOffer }[] = [];
  readonly unconnected: { readonly sid: string; readonly about: string }[] = [];
  /** The newest view of each. */
  readonly views = new Map<string, unknown>();
  readonly #waiting = new Map<string, MediaOffer>();

  /** What the answer to a join has of ours. */
  join(sid: string, offer: MediaOffer | undefined): Fields {
    const { topology } = this;
    if (offer && topology === 'sfu') return { topology, answer: answerTo(offer.sdp) };
    if (offer) this.#waiting.set(sid, offer);
    return { topology };
  }

  /** The answer to the offer that somebody's join carried, if it waits. */
  answerFor(sid: string): Fields {
    const offer = this.#waiting.get(sid);
    this.#waiting.delete(sid);
    return offer ? { answer: answerTo(offer.sdp) } : {};
  }

  /** Undefined for an event that is not of media. */
  handle(sid: string, event: string, fields: Fields): Fields | undefined {
    switch (event) {
      case 'negotiate': {
        if (!this.carries) throw new Refusal('unavailable');
        const offer = fields['offer'] as MediaOffer;
        this.connects.push({ sid, offer, restart: fields['restart'] === true });
        return { answer: answerTo(offer.sdp) };
      }
      case 'unconnected':
        this.unconnected.push({ sid, about: String(fields['sid']) });
        return {};
      case 'view':
        this.views.set(sid, fields['tiles']);
        return {};
      default:
        return undefined;
    }
  }
}

/** The mirror of an offer in the fake's "SDP": what the one sends, the other receives. */
export function answerTo(sdp: string): string {
  const mirrored = sdp.replace(/^(m=\S+ \S+) (sendonly|recvonly)/gm, (_line, section: string, direction: string) => {
    return `${section} ${direction === 'sendonly' ? 'recvonly' : 'sendonly'}`;
  });
  return mirrored.replace(/^o=- \S+/m, 'o=- server');
}
