import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IceServers } from '../ice_servers';
import { PeerLink, type LinkOptions } from '../peer_link';
import type { Source } from '../protocol';
import { FakePeerConnection, FakeTrack } from '../testing/fake_peer_connection';
import { turns } from '../testing/random';
import { CallLog } from './call_log';
import type { ConnectionLog } from './connection_log';
import { kArrivalInterval, kCheckInterval, PeerProbe } from './peer_probe';

const track = (kind: string) => new FakeTrack(kind) as unknown as MediaStreamTrack;
const stepsOf = (log: ConnectionLog) => log.entries.map(({ step }) => step);

beforeEach(() => {
  FakePeerConnection.made = [];
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('MediaStream', Object);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('PeerLink with a log', () => {
  const kCandidate = {
    candidate: 'candidate:1 1 udp 2122260223 192.0.2.7 51234 typ host',
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: null,
  };
  function makeEnds() {
    const logs: ConnectionLog[] = [];
    const end = (selfSid: string, sid: string, to: () => PeerLink) => {
      const call = new CallLog({ room: 'x', name: selfSid });
      const connection = call.peer(sid, sid);
      logs.push(connection);
      const options: LinkOptions = {
        ...{ selfSid, sid, iceServers: new IceServers(), calls: selfSid === 'a', log: { call, connection } },
        outgoing: new Map<Source, MediaStreamTrack | null>([['camera', track('video')]]),
        sendDescription: (message) => to().handleDescription(message),
        sendCandidate: () => undefined,
      };
      return new PeerLink(options);
    };
    const callee: PeerLink = end('b', 'a', () => caller);
    const caller: PeerLink = end('a', 'b', () => callee);
    return { caller, callee, logs };
  }

  it('notes each step of the negotiation, on both sides in their order', async () => {
    const { caller, callee, logs } = makeEnds();
    caller.handleCandidate(kCandidate);
    caller.handleCandidate(null);
    await turns(10);
    expect(stepsOf(logs[1] as ConnectionLog).filter((step) => !/candidate/.test(step))).toEqual([
      ...['connection-made', 'negotiation-needed', 'offer-made', 'offer-sent', 'answer-received', 'answer-applied'],
    ]);
    expect(stepsOf(logs[0] as ConnectionLog)).toEqual([
      ...['connection-made', 'offer-received', 'offer-applied', 'answer-made', 'answer-sent'],
    ]);
    const received = logs[1]?.entries.find(({ step }) => step === 'candidate-received');
    expect(received?.candidate).toMatchObject({ type: 'host', address: '192.0.2.7', family: 'IPv4' });
    expect(logs[1]?.entries.find(({ step }) => step === 'candidates-ended')?.side).toBe('remote');
    for (const step of ['offer-made', 'answer-received'] as const) {
      expect(logs[1]?.entries.find((entry) => entry.step === step)?.sdp).toMatch(/^v=0/);
    }
    caller.close();
    callee.close();
  });

  it('notes restarts, and a connection that is replaced by the other side’s new one', async () => {
    const { caller, callee, logs } = makeEnds();
    await turns(10);
    caller.restartIce();
    await turns(10);
    caller.handleDescription({ type: 'offer', sdp: 'v=0\r\no=- 77 1 IN IP4 0.0.0.0\r\nm=video 0 sendrecv\r\n' });
    await turns(10);
    const steps = stepsOf(logs[1] as ConnectionLog);
    expect(steps.filter((step) => step === 'offer-sent')).toHaveLength(2);
    expect(steps.slice(steps.indexOf('ice-restart'))).toContain('connection-replaced');
    expect(logs[1]?.closed).toBe(false);
    caller.close();
    callee.close();
    expect(stepsOf(logs[1] as ConnectionLog).at(-1)).toBe('closed');
    expect(logs[1]?.closed).toBe(true);
  });
});

describe('PeerProbe', () => {
  function makeProbe() {
    vi.useFakeTimers();
    const pc = new FakePeerConnection();
    const call = new CallLog({ room: 'x', name: 'Ada' });
    const log = call.peer('b', 'Bob');
    const probe = new PeerProbe(pc as unknown as RTCPeerConnection, { call, connection: log });
    return { pc, call, log, probe };
  }
  const kPair = {
    type: 'candidate-pair',
    state: 'succeeded',
    nominated: true,
    localCandidateId: 'L',
    remoteCandidateId: 'R',
  };
  const kStats = {
    P: { ...kPair, id: 'P', currentRoundTripTime: 0.012 },
    L: { id: 'L', type: 'local-candidate', candidateType: 'host', protocol: 'udp', address: '192.0.2.7', port: 5 },
    R: { id: 'R', type: 'remote-candidate', candidateType: 'relay', protocol: 'udp', address: '198.51.100.3', port: 6 },
  };
  const show = (pc: FakePeerConnection, stats: object) =>
    (pc.stats = new Map(Object.entries(stats)) as FakePeerConnection['stats']);

  it('follows ICE, DTLS and media up to the first picture', async () => {
    const { pc, log } = makeProbe();
    pc.becomeIce('checking');
    show(pc, kStats);
    pc.becomeIce('connected');
    vi.advanceTimersByTime(5);
    pc.become('connected');
    await vi.advanceTimersByTimeAsync(3 * kArrivalInterval);
    // What statistics told later is as old as the path.
    expect(stepsOf(log)).toEqual([
      'connection-made',
      'ice-checking',
      'ice-connected',
      'checks',
      'pair-chosen',
      'connected',
    ]);
    show(pc, { ...kStats, V: { type: 'inbound-rtp', kind: 'video', packetsReceived: 3, framesDecoded: 0 } });
    await vi.advanceTimersByTimeAsync(kArrivalInterval);
    expect(stepsOf(log).at(-1)).toBe('first-packet');
    show(pc, { ...kStats, V: { type: 'inbound-rtp', kind: 'video', packetsReceived: 9, framesDecoded: 1 } });
    await vi.advanceTimersByTimeAsync(kArrivalInterval);
    expect(log.entries.at(-1)).toMatchObject({ step: 'first-frame', kind: 'video' });
    expect(log.entries.find(({ pair }) => pair)?.pair).toMatchObject({
      local: { type: 'host' },
      remote: { type: 'relay' },
    });
    expect(log.pairs).toMatchObject([{ selected: true, roundTripTime: 12 }]);
  });

  it('keeps what carries packets to the relay', async () => {
    const { pc, log } = makeProbe();
    show(pc, { ...kStats, L: { ...kStats.L, candidateType: 'relay', relayProtocol: 'tls' } });
    pc.become('connected');
    await vi.advanceTimersByTimeAsync(kArrivalInterval);
    expect(log.entries.find(({ pair }) => pair)?.pair?.local).toMatchObject({ protocol: 'udp', relayedBy: 'tls' });
    expect(log.pairs[0]?.remote).not.toHaveProperty('relayedBy');
  });

  it('takes the time of the first packet from the packet, not from when it looked', async () => {
    const { pc, log, call } = makeProbe();
    pc.become('connected');
    const at = call.now + 5;
    show(pc, {
      A: {
        ...{ type: 'inbound-rtp', kind: 'audio', packetsReceived: 2 },
        lastPacketReceivedTimestamp: performance.timeOrigin + performance.now() + 5,
      },
    });
    await vi.advanceTimersByTimeAsync(kArrivalInterval);
    expect(log.entries.find(({ step }) => step === 'first-packet')?.at).toBeCloseTo(at, 0);
  });

  it('tells how the pairs stand while ICE finds none', async () => {
    const { pc, log } = makeProbe();
    pc.becomeIce('checking');
    show(pc, { P: { ...kPair, nominated: false, state: 'in-progress' } });
    await vi.advanceTimersByTimeAsync(2 * kCheckInterval);
    show(pc, { P: { ...kPair, nominated: false, state: 'failed' } });
    await vi.advanceTimersByTimeAsync(2 * kCheckInterval);
    const counts = log.entries.flatMap((entry) => (entry.counts ? [entry.counts] : []));
    expect(counts).toEqual([{ 'in-progress': 1 }, { failed: 1 }]);
    pc.becomeIce('failed');
    expect(stepsOf(log).at(-1)).toBe('ice-failed');
  });

  it('samples once connected, with rates since the sample before', async () => {
    const { pc, log, probe } = makeProbe();
    const flow = (bytesReceived: number) =>
      show(pc, { V: { type: 'inbound-rtp', kind: 'video', bytesReceived, packetsReceived: 1, framesDecoded: 1 } });
    flow(0);
    await probe.sample();
    expect(log.snapshot().samples).toEqual([]); // Nothing flows before.
    pc.become('connected');
    await probe.sample();
    await vi.advanceTimersByTimeAsync(1000);
    flow(125_000);
    await probe.sample();
    expect(log.snapshot().samples.at(-1)?.values['videoIn']).toBeCloseTo(1_000_000, -4);
    expect(log.snapshot().samples.at(-1)?.values['audioIn']).toBeNull();
  });

  it('falls silent when closed, even while statistics are on their way', async () => {
    const { pc, log, probe } = makeProbe();
    pc.become('connected');
    const late = probe.sample();
    probe.close();
    await late;
    pc.becomeIce('failed');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(stepsOf(log).at(-1)).toBe('closed');
    expect(vi.getTimerCount()).toBe(0);
  });
});
