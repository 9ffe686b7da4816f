import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakePeerConnections, type FakeNetwork } from '../testing/fake_relay_network';
import { diagnose, kDoctorSteps, type Phases } from './diagnose';
import { withoutLogins, type Findings } from './findings';
import { verdictOf } from './verdict';

const kUdp = 'turn:h:3478?transport=udp';
const kTcp = 'turn:h:3478?transport=tcp';
const kTls = 'turns:h:5349?transport=tcp';
const info = {
  address: '198.51.100.7',
  port: 1,
  scheme: 'https',
  iceServers: [{ urls: ['stun:h:3478'] }, { urls: [kUdp, kTcp, kTls], username: 'u', credential: 'top secret' }],
  ports: { http: 8080, https: 8443, stun: 3478, turnTls: 5349, media: [40000] },
  singlePort: false,
  publicAddress: null,
  warnings: [],
};
const kSeen = { address: '198.51.100.7', port: 9000 };
const healthy: FakeNetwork = {
  hosts: [{ address: 'x.local', port: 5, network: '1' }],
  stun: { 'stun:h:3478': kSeen, 'stun:h:40000': kSeen },
  turn: { [kUdp]: { delay: 15 }, [kTcp]: { delay: 20 }, [kTls]: { delay: 30 } },
};

class FakeWebSocket extends EventTarget {
  static works = true;
  static closed = 0;
  constructor(readonly url: URL) {
    super();
    if (FakeWebSocket.works) {
      setTimeout(() => this.dispatchEvent(Object.assign(new Event('message'), { data: '0{"sid":"x"}' })), 30);
    }
  }
  close(): void {
    FakeWebSocket.closed += 1;
  }
}

type Routes = Record<string, () => Response | undefined>;
const routes: Routes = {
  '/api/doctor': () => Response.json(info),
  '/healthz': () => new Response('ok'),
  '/socket.io/': () => new Response('0{"sid":"x"}'),
};

/** Does what the browser does in that network, and takes no time over it. */
async function examine(network: FakeNetwork, changed: Routes = {}, signal?: AbortSignal) {
  const { Connection, open } = fakePeerConnections(network);
  vi.stubGlobal('RTCPeerConnection', Connection);
  vi.stubGlobal('WebSocket', FakeWebSocket);
  vi.stubGlobal('fetch', (url: URL, init: RequestInit) => {
    const response = { ...routes, ...changed }[url.pathname]?.();
    if (response) return new Promise((resolve) => setTimeout(resolve, 10, response));
    return new Promise((_resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
  });
  const seen: [Findings, Phases][] = [];
  const start = performance.now();
  const over = diagnose({
    url: 'https://h:8443/doctor',
    ...(signal ? { signal } : {}),
    onProgress: (...state) => seen.push(state),
  });
  const settled = over.catch(() => undefined);
  for (let left = true; left;) {
    left = await Promise.race([settled.then(() => false), vi.advanceTimersByTimeAsync(50).then(() => true)]);
    if (performance.now() - start > 60_000) throw new Error('it does not end');
  }
  return { findings: await over, seen, took: performance.now() - start, open };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeWebSocket.works = true;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an examination', () => {
  it('of a healthy network finds every way, and measures it', async () => {
    const { findings, took, open } = await examine(healthy);
    expect(findings.server?.state).toBe('ok');
    expect(findings.server?.roundTrip).toBeGreaterThanOrEqual(10);
    expect([findings.websocket?.works, findings.polling?.works]).toEqual([true, true]);
    expect(findings.addresses).toMatchObject({
      stun: true,
      media: [{ port: 40000, reachable: true }],
      mapped: [{ ...kSeen, family: 'IPv4' }],
      nat: 'independent',
      types: ['host', 'srflx'],
    });
    for (const [transport, delay] of [
      ['udp', 15],
      ['tcp', 20],
      ['tls', 30],
    ] as const) {
      const relay = findings.relays?.[transport];
      expect(relay).toMatchObject({ state: 'works', loss: 0, jitter: 0, roundTrip: delay });
      expect(relay?.bandwidth).toBeCloseTo((262_144 * 8) / (delay * 1000), -1);
    }
    expect(verdictOf(findings).overall).toBe('good');
    expect(took).toBeLessThan(12_000);
    expect(open()).toBe(0);
  });

  it('of a network without UDP ends in time', async () => {
    const { findings, took, open } = await examine({ ...healthy, stun: {}, turn: { [kTcp]: { delay: 20 } } });
    expect(findings.addresses).toMatchObject({ stun: false, nat: 'blocked', mapped: [] });
    expect([findings.relays?.udp?.state, findings.relays?.tcp?.state, findings.relays?.tls?.state]).toEqual([
      'silent',
      'works',
      'silent',
    ]);
    expect(verdictOf(findings).overall).toBe('restricted');
    expect(took).toBeLessThan(20_000);
    expect(open()).toBe(0);
  });

  it('is over within 20 s even where everything takes its time', async () => {
    FakeWebSocket.works = false;
    const slow = { [kUdp]: { delay: 900, lose: 3 }, [kTcp]: { delay: 900 }, [kTls]: { delay: 900 } };
    const { took } = await examine({ ...healthy, stun: {}, turn: slow }, { '/socket.io/': () => undefined });
    expect(took).toBeLessThan(20_000);
  });

  it('counts what gets lost', async () => {
    const { findings } = await examine({ ...healthy, turn: { [kUdp]: { delay: 15, lose: 10 } } });
    expect(findings.relays?.udp?.loss).toBe(10);
  });

  it('tells a symmetric NAT, and a relay that refuses, answers, and leads nowhere', async () => {
    const stun = { 'stun:h:3478': kSeen, 'stun:h:40000': { ...kSeen, port: 9001 } };
    const turn = { [kUdp]: { code: 401 }, [kTcp]: { delay: 5, deadEnd: true }, [kTls]: { code: 701 } };
    const { findings } = await examine({ ...healthy, stun, turn });
    expect(findings.addresses).toMatchObject({ nat: 'dependent', stun: true });
    expect(findings.relays?.udp).toEqual({ url: kUdp, state: 'refused', errors: [{ code: 401, text: 'No' }] });
    expect(findings.relays?.tcp?.state).toBe('dead-end');
    expect(findings.relays?.tls?.state).toBe('silent');
  });

  it('takes an address that the browser knows already for an answer', async () => {
    const { findings } = await examine({ ...healthy, hosts: [kSeen] });
    expect(findings.addresses).toMatchObject({ stun: true, nat: 'none', mapped: [] });
  });

  it.each([
    [401, '', 'refused'],
    [404, '', 'missing'],
    [200, '<html>', 'missing'],
    [503, '', 'busy'],
    [429, '', 'busy'],
    [0, '', 'unreachable'],
  ] as const)('ends early where the server does not say what there is: %i', async (status, body, state) => {
    const answer = () => (status === 0 ? undefined : new Response(body, { status }));
    const { findings, seen } = await examine(healthy, { '/api/doctor': answer });
    expect(findings.server).toEqual({ state });
    expect([findings.addresses, findings.relays]).toEqual([undefined, undefined]);
    expect(Object.values(seen.at(-1)?.[1] ?? {})).toEqual(kDoctorSteps.map(() => 'over'));
  });

  it('tells doors that are closed: silent, or something else behind them', async () => {
    FakeWebSocket.works = false;
    const { findings } = await examine(healthy, { '/socket.io/': () => new Response('<html>') });
    expect([findings.websocket, findings.polling]).toEqual([{ works: false }, { works: false }]);
  });

  it('tells its progress, step by step', async () => {
    const { seen } = await examine(healthy);
    const phases = seen.map(([, { udp }]) => udp).filter((phase, index, all) => phase !== all[index - 1]);
    expect(phases).toEqual(['waiting', 'trying', 'packets', 'bandwidth', 'over']);
  });

  it('that is cancelled closes what it has made, and says no more', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1000);
    const { Connection, open } = fakePeerConnections(healthy);
    vi.stubGlobal('RTCPeerConnection', Connection);
    vi.stubGlobal('WebSocket', FakeWebSocket);
    vi.stubGlobal('fetch', (url: URL) => Promise.resolve(routes[url.pathname]?.()));
    let told = 0;
    const over = diagnose({ url: 'https://h', signal: controller.signal, onProgress: () => (told += 1) });
    const outcome = expect(over).rejects.toThrow('abort');
    await vi.advanceTimersByTimeAsync(1000);
    const before = told;
    await vi.advanceTimersByTimeAsync(5000);
    await outcome;
    expect([told, open()]).toEqual([before, 0]);
  });

  it('can be told without its logins', async () => {
    const { findings } = await examine(healthy);
    expect(JSON.stringify(findings)).toContain('top secret');
    expect(JSON.stringify(withoutLogins(findings))).not.toContain('top secret');
    expect(withoutLogins(findings).server?.info?.iceServers[1]?.urls).toHaveLength(3);
  });
});
