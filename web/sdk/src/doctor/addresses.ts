import { boundedSignal } from './bounded';
import type { AddressFinding, DoctorInfo, Family, NatKind } from './findings';
import { parseServerUrl, stunUrl } from './info';

/** How long a STUN server may take, in milliseconds: five of a browser's attempts. */
const kGather = 5000;
/** Of the media ports, which all stand behind one rule of one firewall. */
const kPortsTried = 4;

export interface Candidate {
  readonly type: RTCIceCandidateType;
  readonly address: string;
  readonly port: number;
  /** What tells one network interface of this computer from another; undefined where the browser hides it. */
  readonly network: string | undefined;
}

export interface Gathered {
  readonly candidates: readonly Candidate[];
  /** All servers answered or failed before the time was over. */
  readonly complete: boolean;
  readonly failed: boolean;
}

/** Asks STUN at its own port and at those of media: what comes back, and whether all see the same address. */
export async function findAddresses(info: DoctorInfo, signal: AbortSignal): Promise<AddressFinding> {
  const stun = stunUrl(info);
  const host = parseServerUrl(stun ?? '')?.host ?? '';
  const ports = stun === undefined ? [] : info.ports.media.slice(0, kPortsTried);
  const media = ports.map((port) => `stun:${host}:${port}`);
  const stuns = stun === undefined ? [] : [stun];
  const [all, alone, ...each] = await Promise.all([
    gather([...stuns, ...media], false, signal),
    gather(stuns, true, signal),
    ...media.map((url) => gather([url], true, signal)),
  ]);
  const everyone = [all, alone, ...each].flatMap(({ candidates }) => candidates);
  const reached = each.map(didReach);
  const mapped = new Map(
    all.candidates.filter(({ type }) => type === 'srflx').map((one) => [`${one.address} ${one.port}`, one]),
  );
  return {
    types: unique(everyone.map(({ type }) => type)),
    families: unique(everyone.flatMap(({ address }) => familyOf(address) ?? [])),
    mapped: [...mapped.values()].map(({ address, port }) => ({ address, port, family: familyOf(address) ?? 'IPv4' })),
    ...(stun === undefined ? {} : { stun: didReach(alone) }),
    media: ports.map((port, index) => ({ port, reachable: reached[index] ?? false })),
    nat: natOf(all, stun === undefined ? [] : [didReach(alone), ...reached]),
  };
}

/** What one peer connection's candidates, of several servers of which `reached` answered, say about the NAT. */
export function natOf({ candidates }: Gathered, reached: readonly boolean[]): NatKind {
  if (reached.length === 0) return 'unknown';
  if (!reached.includes(true)) return 'blocked';
  const hosts = candidates.filter(({ type }) => type === 'host');
  const mapped = candidates.filter(({ type }) => type === 'srflx');
  if (mapped.every((one) => isOwn(one, hosts))) return 'none'; // A browser leaves out what it knows already.
  const counts = new Map<string, number>();
  for (const { address, network } of mapped) {
    const way = `${network ?? ''} ${familyOf(address) ?? ''}`;
    const count = (counts.get(way) ?? 0) + 1;
    counts.set(way, count);
    // Where the browser does not tell its interfaces apart, each of them may have a mapping.
    if (count > (network === undefined ? Math.max(1, hosts.length) : 1)) return 'dependent';
  }
  return reached.filter(Boolean).length > 1 ? 'independent' : 'unknown';
}

// The browser may hide our own address, but not the port: a private one that is kept is no NAT's.
function isOwn(mapped: Candidate, hosts: readonly Candidate[]): boolean {
  return hosts.some(
    ({ address, port }) =>
      port === mapped.port && (address === mapped.address || (address.endsWith('.local') && isPrivate(mapped.address))),
  );
}

/** Whether only a network of its own knows the address (RFC 1918, RFC 4193, loopback and link-local). */
export function isPrivate(address: string): boolean {
  return /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^(::1$|f[cd]|fe[89ab])/i.test(address);
}

// No candidate and no complaint: what the server saw is what the browser has already listed.
function didReach({ candidates, complete, failed }: Gathered): boolean {
  return candidates.some(({ type }) => type === 'srflx') || (complete && !failed && candidates.length > 0);
}

async function gather(urls: string[], untilFirst: boolean, outer: AbortSignal): Promise<Gathered> {
  if (urls.length === 0) return { candidates: [], complete: true, failed: true };
  const { signal, end } = boundedSignal(kGather, outer);
  const connection = new RTCPeerConnection({ iceServers: urls.map((url) => ({ urls: url })) });
  const candidates: Candidate[] = [];
  let complete = false;
  let failed = false;
  connection.addEventListener('icecandidateerror', () => (failed = true));
  connection.addEventListener('icecandidate', ({ candidate }) => {
    const read = candidate && readCandidate(candidate);
    if (read) candidates.push(read);
    if (read?.type === 'srflx' && untilFirst) end();
  });
  connection.addEventListener('icegatheringstatechange', () => {
    if (connection.iceGatheringState !== 'complete') return;
    complete = true;
    end();
  });
  connection.createDataChannel('');
  await Promise.all([connection.setLocalDescription(), untilAborted(signal)]).catch(() => undefined);
  end();
  connection.close();
  return { candidates, complete, failed };
}

/** UDP candidates alone. */
function readCandidate(candidate: RTCIceCandidate): Candidate | undefined {
  const { address, port, type, protocol } = candidate;
  if (!address || !port || !type || protocol !== 'udp') return undefined;
  return { address, port, type, network: / network-id (\d+)/.exec(candidate.candidate)?.[1] };
}

function familyOf(address: string): Family | undefined {
  if (address.includes(':')) return 'IPv6';
  return /^\d+\.\d+\.\d+\.\d+$/.test(address) ? 'IPv4' : undefined;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve());
    if (signal.aborted) resolve();
  });
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
