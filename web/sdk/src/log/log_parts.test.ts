import { describe, expect, it, vi } from 'vitest';
import type { SignalSocket } from '../signalling';
import { CallLog } from './call_log';
import { familyOf, parseCandidate } from './candidate';
import { exportCallLog } from './export_log';
import { LoggedSocket } from './logged_socket';
import { kMaxFileBytes, LogFileError, readCallLog } from './read_log';
import { pairsOf, sampleOf } from './sample';

describe('parseCandidate', () => {
  it('reads what browsers write', () => {
    expect(
      parseCandidate(
        'candidate:842163049 1 udp 1677729535 203.0.113.9 46154 typ srflx raddr 10.0.0.5 rport 46154 generation 0',
      ),
    ).toEqual({
      ...{ type: 'srflx', protocol: 'udp', family: 'IPv4', address: '203.0.113.9', port: 46154, priority: 1677729535 },
      ...{ related: '10.0.0.5:46154', tcpType: undefined },
    });
    expect(parseCandidate('candidate:0 1 TCP 2105524479 2001:db8::1 9 typ host tcptype active')).toMatchObject({
      ...{ protocol: 'tcp', family: 'IPv6', tcpType: 'active', related: undefined },
    });
    expect(parseCandidate('a=candidate:1 1 udp 1 3fa85f64-5717.local 5000 typ host')?.family).toBe('mDNS');
    expect(familyOf('turn.example.org')).toBe('name');
  });

  it('takes no nonsense, and no time over it', () => {
    const kLine = 'candidate:1 1 udp 1 192.0.2.1 5000 typ host';
    for (let length = 0; length < kLine.length - 4; ++length)
      expect(parseCandidate(kLine.slice(0, length))).toBeUndefined();
    const began = performance.now();
    expect(parseCandidate(`candidate:${'1 '.repeat(500_000)}`)).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe('sampleOf', () => {
  const kReports = [
    { type: 'transport', id: 'T', selectedCandidatePairId: 'P2' },
    { type: 'candidate-pair', id: 'P1', nominated: true, state: 'succeeded', currentRoundTripTime: 9 },
    {
      type: 'candidate-pair',
      id: 'P2',
      nominated: true,
      state: 'succeeded',
      currentRoundTripTime: 0.04,
      availableOutgoingBitrate: 3e6,
    },
    { type: 'inbound-rtp', kind: 'audio', bytesReceived: 1000, packetsReceived: 90, packetsLost: 10, jitter: 0.004 },
    { type: 'inbound-rtp', kind: 'video', bytesReceived: 9000, framesPerSecond: 30, frameHeight: 720, jitter: 0.011 },
    { type: 'outbound-rtp', kind: 'video', bytesSent: 500, qualityLimitationReason: 'cpu' },
    { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.25 },
  ];

  it('speaks of the pair that the transport names', () => {
    const { sample } = sampleOf(kReports, 2000, undefined);
    expect(sample.values).toMatchObject({ roundTrip: 40, availableOut: 3e6, jitter: 11, framesIn: 30, heightIn: 720 });
    expect(sample.values).toMatchObject({ lossOut: 25, lossIn: 10, framesOut: null, videoIn: null });
    expect(sample.limitation).toBe('cpu');
  });

  it('makes rates of counters, never negative, and none without time between', () => {
    const { counters } = sampleOf(kReports, 2000, undefined);
    const later = kReports.map((report) => ('bytesReceived' in report ? { ...report, bytesReceived: 11_000 } : report));
    expect(sampleOf(later, 3000, counters).sample.values).toMatchObject({
      audioIn: 80_000,
      videoIn: 16_000,
      lossIn: null,
    });
    expect(
      sampleOf([{ type: 'inbound-rtp', kind: 'audio', bytesReceived: 1 }], 3000, counters).sample.values['audioIn'],
    ).toBe(0);
    expect(sampleOf(later, 2000, counters).sample.values['audioIn']).toBeNull();
  });

  it('lists pairs with the chosen one first, also where a report lacks its candidates', () => {
    const pairs = pairsOf(kReports);
    expect(pairs.map(({ roundTripTime, selected }) => [roundTripTime, selected])).toEqual([
      [40, true],
      [9000, false],
    ]);
    expect(pairs[0]?.local).toMatchObject({ type: '', address: '' });
  });
});

describe('LoggedSocket', () => {
  function makeSocket() {
    const listeners = new Map<string, (...args: unknown[]) => void>();
    const emitted: unknown[][] = [];
    const socket: SignalSocket = {
      connected: true,
      recovered: false,
      on: (event, listener) => listeners.set(event, listener),
      emit: (...args) => emitted.push(args),
      connect: vi.fn(),
      disconnect: vi.fn(),
    };
    const log = new CallLog({ room: 'x', name: 'Ada' }).signalling;
    return {
      log,
      emitted,
      logged: new LoggedSocket(socket, log),
      tell: (event: string, ...args: unknown[]) => listeners.get(event)?.(...args),
    };
  }

  it('notes the way to the server, and passes everything on', () => {
    const { log, emitted, logged, tell } = makeSocket();
    logged.connect();
    tell('connect_error', new Error('no route'));
    tell('connect');
    const ack = vi.fn();
    logged.emit('join', { room: 'x' }, ack);
    (emitted[0]?.at(-1) as (answer: unknown) => void)({ ok: true, participants: [{}, {}] });
    expect(ack).toHaveBeenCalledWith({ ok: true, participants: [{}, {}] });
    logged.emit('media', { micinf: true });
    expect(emitted[1]).toEqual(['media', { micinf: true }]);
    tell('disconnect', 'transport close');
    expect(log.entries.map(({ step, message, count }) => [step, message ?? count])).toEqual([
      ...[
        ['opened', undefined],
        ['socket-opening', undefined],
        ['socket-refused', 'no route'],
        ['socket-open', undefined],
      ],
      ...[
        ['join-sent', undefined],
        ['join-accepted', 2],
        ['socket-lost', 'transport close'],
      ],
    ]);
  });

  it('notes a refusal and a wait, whatever the answer looks like', () => {
    const { log, emitted, logged, tell } = makeSocket();
    const answers = [
      { ok: false, error: { message: 'The room is full.' } },
      { ok: true, waiting: true },
      null,
      'nonsense',
      { ok: false, error: 7 },
    ];
    for (const answer of answers) {
      logged.emit('join', {}, () => undefined);
      (emitted.at(-1)?.at(-1) as (answer: unknown) => void)(answer);
    }
    tell('admitted', {});
    const steps = log.entries.map(({ step }) => step).filter((step) => step.startsWith('join') && step !== 'join-sent');
    expect(steps).toEqual([
      'join-refused',
      'join-waiting',
      'join-refused',
      'join-refused',
      'join-refused',
      'join-accepted',
    ]);
  });
});

describe('a file', () => {
  function makeLog() {
    const call = new CallLog({ room: 'daily', name: 'Ada' });
    const peer = call.peer('sid-b', 'Bob');
    const candidate = parseCandidate('candidate:1 1 udp 1 192.0.2.1 5000 typ srflx raddr 10.0.0.1 rport 5');
    if (candidate) peer.add('candidate-found', { candidate });
    if (candidate) peer.add('pair-chosen', { pair: { local: candidate, remote: candidate } });
    peer.add('offer-made', {
      sdp: 'v=0\r\nc=IN IP4 192.0.2.1\r\na=candidate:1 1 udp 1 192.0.2.1 5 typ srflx raddr 10.0.0.1 rport 5\r\na=ice-pwd:secret\r\n',
    });
    peer.add('checks', { counts: { failed: 2 } });
    peer.addSample({ at: 5, values: { roundTrip: 3, jitter: null }, limitation: '' });
    return call.snapshot();
  }

  it('comes back as it was, without the ICE password', () => {
    const log = makeLog();
    const text = exportCallLog(log);
    expect(text).not.toContain('secret');
    const again = readCallLog(text);
    expect(again.connections[1]?.entries.map(({ step }) => step)).toEqual(
      log.connections[1]?.entries.map(({ step }) => step),
    );
    expect(again.connections[1]?.samples).toEqual(log.connections[1]?.samples);
    expect(exportCallLog(again)).toBe(text);
  });

  it('gives no address and no name away when asked', () => {
    const text = exportCallLog(makeLog(), { hideAddresses: true });
    for (const secret of ['192.0.2.1', '10.0.0.1', 'Ada', 'Bob', 'secret']) expect(text).not.toContain(secret);
    expect(readCallLog(text).connections[1]?.entries[0]?.candidate?.type).toBe('srflx');
  });

  const problemOf = (text: string) => {
    try {
      return void readCallLog(text);
    } catch (error) {
      return error instanceof LogFileError ? error.problem : error;
    }
  };

  it('is refused with its reason when it is something else', () => {
    expect(problemOf('')).toBe('no-json');
    expect(problemOf('{"format"')).toBe('no-json');
    for (const text of ['null', '7', '[]', '{}', '{"format":"har"}']) expect(problemOf(text)).toBe('no-log');
    expect(problemOf(JSON.stringify({ ...makeLog(), version: 99 }))).toBe('newer');
    expect(problemOf(' '.repeat(kMaxFileBytes + 1))).toBe('too-large');
  });

  it('is refused at any cut, and with any field of another type', () => {
    const text = exportCallLog(makeLog());
    for (let length = 0; length < text.length; length += 7) expect(problemOf(text.slice(0, length))).toBe('no-json');
    const log = makeLog();
    for (const key of Object.keys(log)) {
      for (const wrong of [null, {}, [[]], undefined]) {
        expect(problemOf(JSON.stringify({ ...log, [key]: wrong }))).toBe('no-log');
      }
    }
  });

  it('is cut to size and put in order, and cannot reach the prototype', () => {
    const log = makeLog();
    const entries = Array.from({ length: 20_000 }, (_, index) => ({ at: -index, step: 'x' }));
    const connections = Array.from({ length: 500 }, () => ({ ...log.connections[0], entries: [] }));
    connections[0] = { ...log.connections[0], entries } as never;
    const text = JSON.stringify({ ...log, connections }).replace('{', '{"__proto__":{"polluted":true},');
    const read = readCallLog(text);
    expect(read.connections.length).toBeLessThan(100);
    expect(read.connections[0]?.entries.length).toBeLessThanOrEqual(5000);
    expect(read.connections[0]?.entries[0]?.at).toBeLessThan(read.connections[0]?.entries.at(-1)?.at ?? 0);
    expect('polluted' in {}).toBe(false);
    expect('polluted' in read).toBe(false);
  });
});
