import { describe, expect, it } from 'vitest';
import type { AddressFinding, DoctorInfo, Findings, RelayFinding, Transport } from './findings';
import { verdictOf } from './verdict';

const kLogin = { username: '1:x', credential: 'c' };
const kTurn = [
  'turn:meet.example.org:3478?transport=udp',
  'turn:meet.example.org:3478?transport=tcp',
  'turns:meet.example.org:5349?transport=tcp',
];

const info: DoctorInfo = {
  address: '198.51.100.7',
  port: 50_000,
  scheme: 'https',
  iceServers: [{ urls: ['stun:meet.example.org:3478'] }, { urls: kTurn, ...kLogin }],
  ports: { http: 8080, https: 8443, stun: 3478, turnTls: 5349, media: [40_000, 40_001] },
  singlePort: false,
  publicAddress: null,
  warnings: [],
};

const page = { origin: 'https://meet.example.org:8443', secure: true, webrtc: true, online: true };

const open: AddressFinding = {
  types: ['host', 'srflx'],
  families: ['IPv4'],
  mapped: [{ address: '198.51.100.7', port: 40_123, family: 'IPv4' }],
  stun: true,
  media: [
    { port: 40_000, reachable: true },
    { port: 40_001, reachable: true },
  ],
  nat: 'independent',
};
const closed: AddressFinding = {
  types: ['host'],
  families: [],
  mapped: [],
  stun: false,
  media: open.media.map(({ port }) => ({ port, reachable: false })),
  nat: 'blocked',
};

function works(transport: Transport, more: Partial<RelayFinding> = {}): RelayFinding {
  const url = kTurn[['udp', 'tcp', 'tls'].indexOf(transport)] ?? '';
  return { url, state: 'works', took: 200, roundTrip: 30, jitter: 1, loss: 0, bandwidth: 20, errors: [], ...more };
}
const silent = (transport: Transport): RelayFinding => ({ url: works(transport).url, state: 'silent', errors: [] });
const fails = (state: RelayFinding['state'], code: number): RelayFinding => ({
  url: kTurn[0] ?? '',
  state,
  errors: [{ code, text: '' }],
});

const healthy: Findings = {
  page,
  server: { state: 'ok', info, roundTrip: 20 },
  websocket: { works: true, took: 50 },
  polling: { works: true, took: 60 },
  addresses: open,
  relays: { udp: works('udp'), tcp: works('tcp'), tls: works('tls') },
};
const allSilent = { udp: silent('udp'), tcp: silent('tcp'), tls: silent('tls') };
const withInfo = (part: Partial<DoctorInfo>) => ({ state: 'ok' as const, info: { ...info, ...part } });

/** What is said, to the person and to the operator: keys, and the operator's lines. */
function told(part: Partial<Findings>) {
  const { overall, sentences, person, operator } = verdictOf({ ...healthy, ...part });
  return {
    overall,
    says: sentences.map(({ key }) => key).join(' '),
    person: person.map(({ key }) => key).join(' '),
    lines: operator.flatMap(({ line, key }) => line?.replaceAll('\n', ' ') ?? key),
  };
}

describe('the verdict', () => {
  it('is good where all works', () => {
    expect(told({})).toEqual({ overall: 'good', says: 'all-good relay-udp direct', person: 'nothing', lines: [] });
  });

  it('tells blocked UDP, and that TCP helps', () => {
    const verdict = told({ addresses: closed, relays: { ...allSilent, tcp: works('tcp'), tls: works('tls') } });
    expect(verdict).toEqual({
      overall: 'restricted',
      says: 'relay-tcp udp-blocked',
      person: 'ask-udp',
      lines: ['ufw allow 3478/udp'],
    });
  });

  it('tells a network that lets nothing out but TLS', () => {
    const verdict = told({ addresses: closed, relays: { ...allSilent, tls: works('tls') } });
    expect(verdict.overall).toBe('restricted');
    expect(verdict.says).toBe('only-tls udp-blocked');
    expect(verdict.person).toBe('ask-udp');
  });

  it('tells a network that lets nothing out, and every line that may open a way', () => {
    expect(told({ addresses: closed, relays: allSilent })).toEqual({
      overall: 'fails',
      says: 'no-path udp-blocked',
      person: 'ask-anything',
      lines: [
        'public_address = "ADDRESS"',
        'ufw allow 3478/udp',
        'ufw allow 3478/tcp',
        'ufw allow 5349/tcp',
        'single_port = true  [https] listen = "0.0.0.0:443"',
      ],
    });
    const single = told({ addresses: closed, relays: allSilent, server: withInfo({ singlePort: true }) });
    expect(single.lines.join()).not.toContain('single_port');
  });

  it('tells that WebSocket does not get through', () => {
    expect(told({ websocket: { works: false } })).toEqual({
      overall: 'restricted',
      says: 'polling-only relay-udp direct',
      person: 'ask-websocket',
      lines: ['proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";'],
    });
    expect(told({ polling: { works: false } }).overall).toBe('good');
    const neither = told({ websocket: { works: false }, polling: { works: false } });
    expect([neither.overall, neither.says.split(' ')[0]]).toEqual(['fails', 'no-signalling']);
  });

  it.each([
    ['none', 'restricted', 'no-relay'],
    ['independent', 'restricted', 'no-relay'],
    ['unknown', 'restricted', 'no-relay'],
    ['dependent', 'fails', 'symmetric-no-relay'],
  ] as const)('weighs that there is no relay by the NAT: %s', (nat, overall, key) => {
    const verdict = told({ relays: {}, addresses: { ...open, nat } });
    expect([verdict.overall, verdict.says.split(' ')[0]]).toEqual([overall, key]);
    expect(verdict.lines).toEqual(['[turn] enabled = true']);
  });

  it('without a relay and without UDP is the end', () => {
    expect(told({ relays: {}, addresses: closed }).overall).toBe('fails');
  });

  it('takes a symmetric NAT lightly where the relay works, and not where it does not', () => {
    const symmetric = { ...open, nat: 'dependent' as const };
    expect(told({ addresses: symmetric })).toMatchObject({ overall: 'good', says: 'all-good relay-udp symmetric' });
    expect(told({ addresses: symmetric, relays: allSilent })).toMatchObject({ overall: 'fails', says: 'no-path' });
    expect(told({ relays: allSilent })).toMatchObject({ overall: 'restricted', says: 'relay-fails direct' });
  });

  it('tells an announced address that is not the server’s', () => {
    const dead = { url: kTurn[0] ?? '', state: 'dead-end' as const, errors: [] };
    const server = withInfo({ publicAddress: '203.0.113.9', warnings: ['203.0.113.9 is nobody here.'] });
    const relays = { udp: dead, tcp: dead, tls: dead };
    const verdict = told({ server, relays });
    expect(verdict).toMatchObject({ overall: 'restricted', says: 'dead-end direct', person: 'nothing' });
    expect(verdict.lines).toEqual(['public_address = "ADDRESS"', 'warning']);
    const byAddress = { ...page, origin: 'https://198.51.100.1:8443' };
    expect(told({ server, relays, page: byAddress }).lines[0]).toBe('public_address = "198.51.100.1"');
    const right = { ...page, origin: 'https://203.0.113.9:8443' };
    expect(told({ server, relays, page: right }).lines).toEqual(['warning']);
    expect(told({ server, relays: allSilent, addresses: closed }).lines[0]).toBe('public_address = "ADDRESS"');
  });

  it('repeats the warnings of the server, whatever else it finds', () => {
    expect(told({ server: withInfo({ warnings: ['Look.'] }) })).toMatchObject({ overall: 'good', lines: ['warning'] });
  });

  it('tells no connection from a server that does not answer', () => {
    const server = { state: 'unreachable' as const };
    expect(told({ server, page: { ...page, online: false } })).toEqual({
      overall: 'fails',
      says: 'offline',
      person: 'check-connection',
      lines: [],
    });
    expect(told({ server })).toEqual({
      overall: 'fails',
      says: 'unreachable',
      person: 'check-connection',
      lines: ['systemctl status parley', 'ufw allow 8443/tcp'],
    });
    expect(told({ server, page: { ...page, origin: 'https://x' } }).lines[1]).toBe('ufw allow 443/tcp');
    expect(told({ server, page: { ...page, origin: 'http://x' } }).lines[1]).toBe('ufw allow 80/tcp');
  });

  it.each([
    ['refused', 'log-in', 'log-in', []],
    ['missing', 'no-doctor', 'nothing', ['update']],
    ['busy', 'busy', 'try-later', []],
  ] as const)('does not judge where the server is %s', (state, says, person, lines) => {
    expect(told({ server: { state } })).toEqual({ overall: 'unknown', says, person, lines });
  });

  it('tells what the relay said', () => {
    const login = { udp: fails('refused', 401), tcp: fails('refused', 401), tls: fails('refused', 401) };
    expect(told({ relays: login })).toMatchObject({ overall: 'restricted', says: 'relay-refuses direct' });
    expect(told({ relays: login }).lines).toEqual(['timedatectl']);
    const full = { udp: fails('refused', 508) };
    expect(told({ relays: full })).toMatchObject({ says: 'relay-full direct' });
    expect(told({ relays: full }).lines).toEqual(['[turn] max_allocations = 20000']);
  });

  it('tells media ports that are closed', () => {
    const media = open.media.map(({ port }) => ({ port, reachable: false }));
    expect(told({ addresses: { ...open, media } })).toMatchObject({
      overall: 'restricted',
      says: 'media-blocked relay-udp direct',
      lines: ['ufw allow 40000:40001/udp'],
    });
  });

  it('tells who has no way besides UDP, and asks for the certificate', () => {
    const relays = { ...healthy.relays, tls: silent('tls') };
    expect(told({ relays })).toMatchObject({ overall: 'good', says: 'all-good relay-udp direct' });
    expect(told({ relays }).lines[0]).toContain('certificate =');
    expect(told({ relays }).lines[1]).toBe('ufw allow 5349/tcp');
    const both = told({ relays: { ...relays, tcp: silent('tcp') } });
    expect(both.says).toBe('all-good relay-udp direct no-fallback');
    expect(both.lines[0]).toBe('ufw allow 3478/tcp');
  });

  it('names no firewall between a computer and itself', () => {
    const urls = kTurn.map((url) => url.replace('meet.example.org', '127.0.0.1'));
    const server = withInfo({ iceServers: [{ urls, ...kLogin }] });
    const { lines } = told({ server, relays: { udp: works('udp'), tcp: silent('tcp'), tls: silent('tls') } });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['[https]']);
  });

  it.each([
    ['lossy', { loss: 4.25 }, '4.3'],
    ['far', { roundTrip: 412.3 }, '412'],
    ['slow', { bandwidth: 0.31 }, '0.3'],
  ] as const)('tells a path that is %s', (key, more, value) => {
    const { overall, sentences, person } = verdictOf({ ...healthy, relays: { udp: works('udp', more) } });
    expect(overall).toBe('restricted');
    expect(sentences.find((sentence) => sentence.key === key)?.value).toBe(value);
    expect(person).toEqual([{ key: 'closer' }]);
  });

  it('tells a page that may not use the camera, and where to go', () => {
    const { overall, person } = verdictOf({
      ...healthy,
      page: { ...page, origin: 'http://10.0.0.1:8080', secure: false },
    });
    expect(overall).toBe('restricted');
    expect(person).toEqual([{ key: 'use-https', value: 'https://10.0.0.1:8443/' }]);
  });

  it('tells a browser without WebRTC', () => {
    const verdict = told({ page: { ...page, webrtc: false }, addresses: undefined, relays: undefined });
    expect(verdict).toMatchObject({ overall: 'fails', says: 'no-webrtc', person: 'other-browser' });
  });

  it('tells where media and pages go by different ways', () => {
    const mapped = [{ address: '192.0.2.55', port: 1, family: 'IPv4' as const }];
    expect(told({ addresses: { ...open, mapped } }).says).toContain('other-way');
    const inside = [{ address: '192.168.1.2', port: 1, family: 'IPv4' as const }];
    expect(told({ addresses: { ...open, mapped: inside } }).says).not.toContain('other-way');
  });

  it('without STUN knows nothing of addresses', () => {
    const { stun: _stun, ...without } = { ...closed, nat: 'unknown' as const, media: [] };
    expect(told({ addresses: without })).toMatchObject({ overall: 'restricted', says: 'no-stun relay-udp' });
  });
});
