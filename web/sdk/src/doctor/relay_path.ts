import { boundedSignal } from './bounded';
import type { RelayError, RelayFinding } from './findings';

/** How long a path through the relay may take to come about, in milliseconds. */
const kConnect = 6000;

/** The ends of one channel in this page. */
export interface ChannelEnds {
  readonly near: RTCDataChannel;
  readonly far: RTCDataChannel;
}

/**
 * Two peer connections of this page that can meet at the relay alone. What one sends goes to the relay and
 * comes back: the way of one packet is the round trip, by one clock.
 *
 * Owner: whoever called `open`; it closes them.
 */
export class RelayPath {
  readonly #url: string;
  readonly #near: RTCPeerConnection;
  readonly #far: RTCPeerConnection;
  readonly #errors = new Map<number, RelayError>();
  #relayed = false;
  /** Loses packets rather than repeat them. */
  readonly lossy: ChannelEnds;
  readonly reliable: ChannelEnds;

  constructor(url: string, server: RTCIceServer) {
    this.#url = url;
    const config: RTCConfiguration = { iceServers: [server], iceTransportPolicy: 'relay' };
    this.#near = new RTCPeerConnection(config);
    this.#far = new RTCPeerConnection(config);
    this.lossy = this.#channel(0, { ordered: false, maxRetransmits: 0 });
    this.reliable = this.#channel(1, {});
    this.#introduce(this.#near, this.#far);
    this.#introduce(this.#far, this.#near);
  }

  /** Tries to connect; settles within its time. */
  async open(outer: AbortSignal): Promise<RelayFinding> {
    const start = performance.now();
    const { signal, end } = boundedSignal(kConnect, outer);
    const opened = this.#opened(signal);
    void this.#negotiate().catch(end);
    const works = await opened;
    end();
    const [url, errors] = [this.#url, [...this.#errors.values()]];
    if (works) return { url, state: 'works', took: performance.now() - start, errors };
    if (this.#relayed) return { url, state: 'dead-end', errors };
    return { url, state: errors.some(({ code }) => code < 700) ? 'refused' : 'silent', errors };
  }

  close(): void {
    this.#near.close();
    this.#far.close();
  }

  #channel(id: number, options: RTCDataChannelInit): ChannelEnds {
    const [near, far] = [this.#near, this.#far].map((connection) => {
      const channel = connection.createDataChannel('', { ...options, negotiated: true, id });
      channel.binaryType = 'arraybuffer';
      return channel;
    }) as [RTCDataChannel, RTCDataChannel];
    return { near, far };
  }

  #introduce(one: RTCPeerConnection, other: RTCPeerConnection): void {
    one.addEventListener('icecandidate', ({ candidate }) => {
      if (!candidate?.candidate) return;
      this.#relayed = true;
      void other.addIceCandidate(candidate).catch(() => undefined); // It may be closed by now.
    });
    one.addEventListener('icecandidateerror', ({ errorCode, errorText }) => {
      this.#errors.set(errorCode, { code: errorCode, text: errorText });
    });
  }

  async #negotiate(): Promise<void> {
    await this.#near.setLocalDescription();
    const offer = this.#near.localDescription;
    if (offer) await this.#far.setRemoteDescription(offer);
    await this.#far.setLocalDescription();
    const answer = this.#far.localDescription;
    if (answer) await this.#near.setRemoteDescription(answer);
  }

  #opened(signal: AbortSignal): Promise<boolean> {
    const channels = [this.lossy, this.reliable].flatMap(({ near, far }) => [near, far]);
    return new Promise((resolve) => {
      const no = () => resolve(false);
      const look = () => {
        if (channels.every(({ readyState }) => readyState === 'open')) resolve(true);
      };
      for (const channel of channels) channel.addEventListener('open', look);
      for (const connection of [this.#near, this.#far]) {
        connection.addEventListener('connectionstatechange', () => {
          if (connection.connectionState === 'failed') no();
        });
        connection.addEventListener('icegatheringstatechange', () => {
          if (this.#isHopeless()) no();
        });
      }
      signal.addEventListener('abort', no);
      if (signal.aborted) no();
    });
  }

  #isHopeless(): boolean {
    const done = [this.#near, this.#far].every(({ iceGatheringState }) => iceGatheringState === 'complete');
    return done && !this.#relayed;
  }
}
