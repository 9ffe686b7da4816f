import type { Source } from './protocol';

/** What is to be sent: an entry holds its place in the connection, a track in it is on. */
export type Outgoing = ReadonlyMap<Source, MediaStreamTrack | null>;

const kKind: Record<Source, 'audio' | 'video'> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  'screen-audio': 'audio',
};

/** Sound and picture of one stream are played in step; a screen is not to wait for a microphone. */
function streamOf(source: Source): 'person' | 'screen' {
  return source === 'microphone' || source === 'camera' ? 'person' : 'screen';
}

/**
 * The sending half of one peer connection: one transceiver a source, so that switching a camera off,
 * on, or to another device changes a track and never the session description. Only a source that
 * begins or ends (a screen) needs a new offer, which the browser asks for by `negotiationneeded`.
 */
export class LinkSenders {
  readonly #pc: RTCPeerConnection;
  readonly #transceivers = new Map<Source, RTCRtpTransceiver>();
  readonly #streams = { person: new MediaStream(), screen: new MediaStream() };

  constructor(pc: RTCPeerConnection) {
    this.#pc = pc;
  }

  /** Makes the connection send exactly `outgoing`. */
  update(outgoing: Outgoing): void {
    for (const [source, track] of outgoing) {
      const transceiver = this.#transceivers.get(source);
      if (transceiver) this.#attach(transceiver, track);
      else this.#add(source, track);
    }
    for (const [source, transceiver] of this.#transceivers) {
      if (!outgoing.has(source)) detach(transceiver);
    }
  }

  /**
   * Answers on the sections that the other side offered: a section of a source we send too carries
   * ours back, so a call takes one offer. Where ours was rolled back as two offers crossed, each side keeps
   * its own section: a transceiver stopped before it had one makes browsers ask for offers without end.
   */
  adopt(outgoing: Outgoing, remoteSources: ReadonlyMap<string, Source>): void {
    for (const transceiver of this.#pc.getTransceivers()) {
      const source = transceiver.mid === null ? undefined : remoteSources.get(transceiver.mid);
      if (!source || !outgoing.has(source) || this.#transceivers.has(source)) continue;
      transceiver.sender.setStreams?.(this.#streams[streamOf(source)]);
      this.#transceivers.set(source, transceiver);
    }
    this.update(outgoing);
  }

  /** Which section shows what, for the description that goes with it. */
  sources(): Record<string, Source> {
    const sources: Record<string, Source> = {};
    for (const [source, { mid, direction }] of this.#transceivers) {
      if (mid !== null && isSending(direction)) sources[mid] = source;
    }
    return sources;
  }

  sender(source: Source): RTCRtpSender | undefined {
    return this.#transceivers.get(source)?.sender;
  }

  #add(source: Source, track: MediaStreamTrack | null): void {
    const transceiver = this.#pc.addTransceiver(track ?? kKind[source], {
      direction: 'sendrecv',
      streams: [this.#streams[streamOf(source)]],
    });
    this.#transceivers.set(source, transceiver);
  }

  #attach(transceiver: RTCRtpTransceiver, track: MediaStreamTrack | null): void {
    if (transceiver.sender.track !== track) void transceiver.sender.replaceTrack(track).catch(() => undefined);
    if (transceiver.direction === 'recvonly') transceiver.direction = 'sendrecv';
    else if (transceiver.direction === 'inactive') transceiver.direction = 'sendonly';
  }
}

function detach(transceiver: RTCRtpTransceiver): void {
  if (!isSending(transceiver.direction)) return;
  void transceiver.sender.replaceTrack(null).catch(() => undefined);
  transceiver.direction = transceiver.direction === 'sendrecv' ? 'recvonly' : 'inactive';
}

function isSending(direction: RTCRtpTransceiverDirection): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}
