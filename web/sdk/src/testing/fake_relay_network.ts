/**
 * What a network does to STUN and TURN: an RTCPeerConnection that finds candidates by it, and data channels that
 * meet at the relay. Times are real timers', to be faked by the test.
 */
export interface FakeNetwork {
  /** STUN URLs that answer, each with the address it sees. */
  stun: Readonly<Record<string, { address: string; port: number }>>;
  /** TURN URLs: how long one way takes; or the error that comes. Without an entry nothing ever answers. */
  turn: Readonly<Record<string, { delay: number; lose?: number; deadEnd?: boolean } | { code: number }>>;
  /** Our own addresses: UDP host candidates. */
  hosts: readonly { address: string; port: number; network?: string }[];
}

class FakeDataChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting';
  binaryType = '';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onbufferedamountlow: (() => void) | null = null;
  twin: FakeDataChannel | undefined;
  delay = 0;
  lose = 0;
  #sent = 0;

  send(data: ArrayBuffer): void {
    if (this.readyState !== 'open') throw new DOMException('', 'InvalidStateError');
    this.#sent += 1;
    this.bufferedAmount += data.byteLength;
    const isLost = this.lose > 0 && this.#sent % this.lose === 0;
    setTimeout(() => {
      this.bufferedAmount -= data.byteLength;
      if (!isLost && this.readyState === 'open') this.twin?.onmessage?.({ data });
      if (this.bufferedAmount <= this.bufferedAmountLowThreshold) this.onbufferedamountlow?.();
    }, this.delay);
  }
}

interface World {
  readonly network: FakeNetwork;
  /** In the order in which they were made: two and two belong together. */
  readonly relays: Connection[];
  open: number;
}

class Connection extends EventTarget {
  iceGatheringState: RTCIceGatheringState = 'new';
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: unknown = null;
  readonly channels = new Map<number, FakeDataChannel>();
  readonly #config: RTCConfiguration;
  #relayed: { delay: number; lose?: number; deadEnd?: boolean } | undefined;
  #closed = false;

  constructor(
    readonly world: World,
    config: RTCConfiguration,
  ) {
    super();
    this.#config = config;
    world.open += 1;
    if (config.iceTransportPolicy === 'relay') world.relays.push(this);
  }

  createDataChannel(_label: string, options?: RTCDataChannelInit): FakeDataChannel {
    const channel = new FakeDataChannel();
    this.channels.set(options?.id ?? 0, channel);
    return channel;
  }

  setLocalDescription(): Promise<void> {
    this.localDescription = { type: 'offer', sdp: '' };
    if (this.#config.iceTransportPolicy === 'relay') setTimeout(() => this.#relay(), 20);
    else setTimeout(() => this.#gather(), 20);
    return Promise.resolve();
  }

  setRemoteDescription = () => Promise.resolve();

  addIceCandidate(): Promise<void> {
    const index = this.world.relays.indexOf(this);
    const peer = this.world.relays[index % 2 === 0 ? index + 1 : index - 1];
    if (!peer || !this.#relayed || this.#relayed.deadEnd || this.#closed) return Promise.resolve();
    for (const [id, channel] of this.channels) {
      const twin = peer.channels.get(id);
      if (!twin) continue;
      Object.assign(channel, { twin, delay: this.#relayed.delay, readyState: 'open' });
      Object.assign(twin, { twin: channel, delay: this.#relayed.delay, readyState: 'open' });
      if (id === 0) channel.lose = twin.lose = this.#relayed.lose ?? 0;
      twin.dispatchEvent(new Event('open'));
      channel.dispatchEvent(new Event('open'));
    }
    return Promise.resolve();
  }

  close(): void {
    if (!this.#closed) this.world.open -= 1;
    this.#closed = true;
    for (const channel of this.channels.values()) channel.readyState = 'closed';
  }

  #gather(): void {
    for (const { address, port, network: id } of this.world.network.hosts) this.#candidate('host', address, port, id);
    const told = new Set<string>();
    const urls = this.#config.iceServers?.flatMap((server) => server.urls) ?? [];
    for (const url of urls) {
      const seen = this.world.network.stun[url];
      if (!seen || told.has(`${seen.address} ${seen.port}`)) continue; // As browsers do: what is new.
      told.add(`${seen.address} ${seen.port}`);
      if (this.world.network.hosts.some(({ address, port }) => address === seen.address && port === seen.port))
        continue;
      this.#candidate('srflx', seen.address, seen.port, this.world.network.hosts[0]?.network);
    }
    if (urls.every((url) => this.world.network.stun[url])) this.#complete();
  }

  #relay(): void {
    const url = [this.#config.iceServers?.[0]?.urls ?? ''].flat()[0] ?? '';
    const answer = this.world.network.turn[url];
    if (!answer || this.#closed) return;
    if ('code' in answer) {
      this.dispatchEvent(Object.assign(new Event('icecandidateerror'), { errorCode: answer.code, errorText: 'No' }));
    } else {
      this.#relayed = answer;
      this.#candidate('relay', '203.0.113.1', 50_000, undefined);
    }
    this.#complete();
  }

  #candidate(type: string, address: string, port: number, id: string | undefined): void {
    const candidate = `candidate:1 1 udp 1 ${address} ${port} typ ${type}${id === undefined ? '' : ` network-id ${id}`}`;
    const event = Object.assign(new Event('icecandidate'), {
      candidate: { candidate, type, address, port, protocol: 'udp' },
    });
    this.dispatchEvent(event);
  }

  #complete(): void {
    this.iceGatheringState = 'complete';
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }
}

/** A class to stand in for the browser's; `open()` counts what is not closed. */
export function fakePeerConnections(network: FakeNetwork) {
  const world: World = { network, relays: [], open: 0 };
  class FakeConnection extends Connection {
    constructor(config: RTCConfiguration) {
      super(world, config);
    }
  }
  return { Connection: FakeConnection, open: () => world.open };
}
