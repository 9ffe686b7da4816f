import type { IceServers } from './ice_servers';

/** Datagrams that a trial sends, how far apart, and how long it waits for the last, in milliseconds. */
const kDatagrams = 25;
const kSpacing = 40;
const kWait = 1000;
/** Until both ends have found the relay. */
const kConnectTimeout = 4000;
/** Each datagram goes to the server and back twice: a loss of 5% makes 19% of that. */
const kMaxLost = 0.2;
/** In milliseconds, for twice there and back. */
const kMaxRoundTrip = 1500;

/**
 * Finds out whether UDP carries between us and the server: two peer connections of ours talk to each other through
 * its relay, beside the call. A trial that many ask for at once is made once.
 *
 * Owner: Ways.
 */
export class UdpTrial {
  #running: Promise<boolean> | undefined;

  constructor(
    private readonly iceServers: IceServers,
    private readonly measure: (servers: RTCIceServer[]) => Promise<boolean> = measureUdp,
  ) {}

  /** Never rejects. */
  run(): Promise<boolean> {
    this.#running ??= this.#measure().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #measure(): Promise<boolean> {
    await this.iceServers.renew(Date.now());
    const servers = this.iceServers.over('udp');
    if (servers.length === 0) return false;
    try {
      return await this.measure(servers);
    } catch {
      return false;
    }
  }
}

/** Sends datagrams from one end of a pair of connections to the other, which returns them. */
async function measureUdp(iceServers: RTCIceServer[]): Promise<boolean> {
  const ends = [0, 1].map(() => new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' }));
  const [near, far] = ends as [RTCPeerConnection, RTCPeerConnection];
  try {
    const channel = near.createDataChannel('udp', { ordered: false, maxRetransmits: 0 });
    far.ondatachannel = ({ channel: other }) => {
      other.onmessage = ({ data }) => other.readyState === 'open' && other.send(data as string);
    };
    await connect(near, far);
    return (await isOpen(channel)) && (await bounces(channel));
  } finally {
    for (const end of ends) end.close();
  }
}

async function connect(near: RTCPeerConnection, far: RTCPeerConnection): Promise<void> {
  let isDescribed = false;
  const ways = [
    { from: near, to: far, early: [] as RTCIceCandidate[] },
    { from: far, to: near, early: [] as RTCIceCandidate[] },
  ];
  for (const { from, to, early } of ways) {
    from.onicecandidate = ({ candidate }) => {
      if (candidate && isDescribed) void to.addIceCandidate(candidate).catch(() => undefined);
      else if (candidate) early.push(candidate);
    };
  }
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription as RTCSessionDescriptionInit);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription as RTCSessionDescriptionInit);
  isDescribed = true;
  for (const { to, early } of ways) for (const candidate of early) await to.addIceCandidate(candidate);
}

function isOpen(channel: RTCDataChannel): Promise<boolean> {
  return new Promise((resolve) => {
    channel.onopen = () => resolve(true);
    channel.onerror = () => resolve(false);
    setTimeout(() => resolve(false), kConnectTimeout);
  });
}

async function bounces(channel: RTCDataChannel): Promise<boolean> {
  const sentAt: number[] = [];
  const took = new Map<number, number>();
  channel.onmessage = ({ data }) => {
    const number = Number(data);
    took.set(number, performance.now() - (sentAt[number] ?? 0));
  };
  for (let number = 0; number < kDatagrams; ++number) {
    if (channel.readyState !== 'open') return false;
    sentAt.push(performance.now());
    channel.send(String(number));
    await pause(kSpacing);
  }
  const deadline = performance.now() + kWait;
  while (took.size < kDatagrams && performance.now() < deadline) await pause(kSpacing);
  const median = [...took.values()].sort((a, b) => a - b)[took.size >> 1] ?? Infinity;
  return took.size >= kDatagrams * (1 - kMaxLost) && median <= kMaxRoundTrip;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
