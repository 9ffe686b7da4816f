import type { MediaOffer, Topology, ViewSize } from '../protocol';
import { FakeChannel } from './fake_channel';
import { FakePeerConnection } from './fake_peer_connection';
import { Refusal } from './refusal';
import type { Fields } from './fake_server';

/** The media half of a fake server: it answers offers by the book, moves messages, and no media. */
export class FakeMediaServer {
  topology: Topology = 'p2p';
  /** Whether there is a media server at all. */
  carries = true;
  /** Whether it makes one stream of everyone. */
  mixes = true;
  /** Each `connect` that came, with whose it was. */
  readonly connects: { readonly sid: string; readonly renegotiate: boolean; readonly offer: MediaOffer }[] = [];
  readonly unconnected: { readonly sid: string; readonly about: string }[] = [];
  /** The newest view of each: its tiles, and who has one stream in their place. */
  readonly oneStreams = new Map<string, ViewSize | undefined>();
  readonly views = new Map<string, unknown>();
  /** Messages that came, by either channel. */
  messages = 0;
  /** Whether a message does not come to somebody: they are too slow. */
  skips: (receiver: string, reliable: boolean) => boolean = () => false;
  readonly #waiting = new Map<string, MediaOffer>();
  readonly #owners = new Map<string, string>();
  readonly #channels = new Map<string, Map<string, FakeChannel>>();

  constructor() {
    FakePeerConnection.server = this;
  }

  /** Takes in a channel of a connection of ours. */
  accept(sessionId: string, channel: FakeChannel): FakeChannel | undefined {
    const sid = this.#owners.get(sessionId);
    if (sid === undefined) return undefined;
    const twin = new FakeChannel(channel.label, channel.options);
    twin.onmessage = ({ data }) => this.#pass(sid, channel.label, new Uint8Array(data as ArrayBuffer));
    this.#channels.set(sid, (this.#channels.get(sid) ?? new Map<string, FakeChannel>()).set(channel.label, twin));
    return twin;
  }

  /** What the answer to a join has of ours. */
  join(sid: string, offer: MediaOffer | undefined): Fields {
    const { topology } = this;
    if (offer) this.#own(sid, offer);
    const told = { topology, oneStream: this.mixes };
    if (offer && topology === 'sfu') return { ...told, answer: answerTo(offer.sdp) };
    if (offer) this.#waiting.set(sid, offer);
    return told;
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
        this.#own(sid, offer);
        this.connects.push({ sid, offer, renegotiate: fields['renegotiate'] === true });
        return { answer: answerTo(offer.sdp) };
      }
      case 'unconnected':
        this.unconnected.push({ sid, about: String(fields['sid']) });
        return {};
      case 'view':
        if (fields['oneStream'] && !this.mixes) throw new Refusal('unavailable');
        this.views.set(sid, fields['tiles']);
        this.oneStreams.set(sid, fields['oneStream'] as ViewSize | undefined);
        return {};
      default:
        return undefined;
    }
  }

  #own(sid: string, { sdp }: MediaOffer): void {
    this.#owners.set(/^o=- (\S+)/m.exec(sdp)?.[1] ?? '', sid);
  }

  // As docs/protocol.md, "Messages", has it: the name of the receiver comes in, that of the sender goes out.
  #pass(sid: string, label: string, message: Uint8Array): void {
    this.messages += 1;
    const [kind = 0, length = 0] = message;
    const to = new TextDecoder().decode(message.subarray(2, 2 + length));
    const name = new TextEncoder().encode(sid);
    const passed = Uint8Array.of(kind, name.length, ...name, ...message.subarray(2 + length));
    for (const [receiver, channels] of this.#channels) {
      const channel = channels.get(label);
      if (receiver === sid || (to !== '' && to !== receiver) || channel?.readyState !== 'open') continue;
      if (!this.skips(receiver, channel.options.id === 0)) channel.send(passed);
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
