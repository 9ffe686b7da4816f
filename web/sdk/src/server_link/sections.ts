import type { Outgoing } from '../link_senders';
import type { Source } from '../protocol';
import { kCamera, kScreen } from './encodings';

/** Who is heard at the same time: more than three voices at once nobody understands. */
export const kAudioSlots = 3;
/** The labels of the data channels that both ends open as number 0 and number 1. */
export const kChannelLabel = 'parley';
export const kUnreliableChannelLabel = 'parley-unreliable';

/** Three temporal layers, so that a receiver can get fewer frames of the same picture. */
const kTemporalLayers = 'L1T3';

/**
 * The sections of our connection with the server, in the order in which they are offered: microphone, camera, screen and
 * its sound, which send; then the slots, which receive whatever the server puts in; then the data channels, and last the
 * slots for pictures that were added. What is sent goes in and out by `replaceTrack`, so nothing else needs another offer.
 */
export class Sections {
  /** For messages that have to come. */
  readonly channel: RTCDataChannel;
  /** For those that may be lost. */
  readonly unreliable: RTCDataChannel;
  readonly #pc: RTCPeerConnection;
  readonly #slots: RTCRtpTransceiver[];
  readonly #senders: ReadonlyMap<Source, RTCRtpTransceiver>;

  constructor(pc: RTCPeerConnection, videoSlots: number) {
    this.#pc = pc;
    const sending = (kind: string) => pc.addTransceiver(kind, { direction: 'sendonly' });
    this.#senders = new Map<Source, RTCRtpTransceiver>([
      ['microphone', sending('audio')],
      ['camera', addSimulcast(pc, kCamera)],
      ['screen', addSimulcast(pc, kScreen)],
      ['screen-audio', sending('audio')],
    ]);
    this.#slots = this.#receiving('audio', kAudioSlots);
    for (const transceiver of [...this.#senders.values(), ...this.#slots]) preferCodecs(transceiver);
    this.addVideoSlots(videoSlots);
    this.channel = pc.createDataChannel(kChannelLabel, { negotiated: true, id: 0 });
    const unreliable = { ordered: false, maxRetransmits: 0, negotiated: true, id: 1 };
    this.unreliable = pc.createDataChannel(kUnreliableChannelLabel, unreliable);
  }

  /** Audio first. */
  get slots(): readonly RTCRtpTransceiver[] {
    return this.#slots;
  }

  /** Room for so many more pictures, once it is offered. */
  addVideoSlots(count: number): void {
    const added = this.#receiving('video', count);
    for (const transceiver of added) preferCodecs(transceiver);
    this.#slots.push(...added);
  }

  #receiving(kind: string, count: number): RTCRtpTransceiver[] {
    return Array.from({ length: count }, () => this.#pc.addTransceiver(kind, { direction: 'recvonly' }));
  }

  sender(source: Source): RTCRtpSender | undefined {
    return this.#senders.get(source)?.sender;
  }

  /** Makes the connection send exactly `outgoing`. */
  update(outgoing: Outgoing): void {
    for (const [source, { sender }] of this.#senders) {
      const track = outgoing.get(source) ?? null;
      if (sender.track !== track) void sender.replaceTrack(track).catch(() => undefined);
    }
  }

  /** Which section shows what, for the offer: those that send. */
  sources(): Record<string, Source> {
    const entries = [...this.#senders].flatMap(([source, { mid }]) => (mid === null ? [] : [[mid, source] as const]));
    return Object.fromEntries(entries);
  }
}

function addSimulcast(pc: RTCPeerConnection, encodings: readonly RTCRtpEncodingParameters[]): RTCRtpTransceiver {
  const add = (sendEncodings: RTCRtpEncodingParameters[]) =>
    pc.addTransceiver('video', { direction: 'sendonly', sendEncodings });
  try {
    return add(encodings.map((encoding) => ({ ...encoding, scalabilityMode: kTemporalLayers })));
  } catch {
    return add(encodings.map((encoding) => ({ ...encoding }))); // A browser that knows no such mode.
  }
}

/**
 * VP8 first, as every browser sends it in layers; of the others one profile each. A browser would list twenty
 * variants in every section, and the offer is to stay small: it has as many sections as the screen has tiles.
 */
const kVideo: readonly RegExp[] = [
  /^video\/vp8 /,
  /^video\/vp9 .*profile-id=0/,
  /^video\/vp9 $/,
  /^video\/h264 (?=.*packetization-mode=1).*profile-level-id=42e0/,
  /^video\/av1 (?!.*profile=[12])/,
  /^video\/rtx /,
];

/**
 * RED first, which sends each sound a second time with the next: the server passes that on to whose link loses packets,
 * and to others the sound alone. A browser that has no RED sends Opus.
 */
const kAudio: readonly RegExp[] = [/^audio\/red /, /^audio\/opus /];

function preferCodecs(transceiver: RTCRtpTransceiver): void {
  const capabilities: typeof RTCRtpReceiver | undefined = globalThis.RTCRtpReceiver;
  if (!capabilities) return;
  const { kind } = transceiver.receiver.track;
  const codecs = capabilities.getCapabilities(kind)?.codecs ?? [];
  const describe = ({ mimeType, sdpFmtpLine = '' }: RTCRtpCodec) => `${mimeType} ${sdpFmtpLine}`.toLowerCase();
  const preferred = kind === 'video' ? kVideo : kAudio;
  const chosen = preferred.flatMap((wanted) => codecs.filter((codec) => wanted.test(describe(codec))));
  try {
    if (chosen.length > 0) transceiver.setCodecPreferences(chosen);
  } catch {
    // Then in the browser's own order, and all of them.
  }
}
