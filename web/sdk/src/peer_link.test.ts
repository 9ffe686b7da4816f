import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IceServers } from './ice_servers';
import { kCallTimeout, kDisconnectedGrace, PeerLink, type LinkOptions } from './peer_link';
import type { CandidateMessage, DescriptionMessage, Source } from './protocol';
import { FakePeerConnection, FakeTrack } from './testing/fake_peer_connection';
import { seeded, turns } from './testing/random';
import { statsOf } from './testing/path_stats';
import { UdpTrial } from './udp_trial';

type Tracks = Map<Source, MediaStreamTrack | null>;

function track(kind: string): MediaStreamTrack {
  return new FakeTrack(kind) as unknown as MediaStreamTrack;
}

function person(): Tracks {
  return new Map<Source, MediaStreamTrack | null>([
    ['microphone', track('audio')],
    ['camera', track('video')],
  ]);
}

/** One end of a call: a link, the messages it sent, and what it sends. */
class End {
  readonly errors: unknown[] = [];
  readonly sent: ({ description: DescriptionMessage } | { candidate: CandidateMessage | null })[] = [];
  link: PeerLink;

  constructor(
    readonly sid: string,
    readonly peer: string,
    calls: boolean,
    public outgoing: Tracks = person(),
    readonly more: Partial<LinkOptions> = {},
  ) {
    this.link = this.make(calls);
  }

  make(calls: boolean): PeerLink {
    const options: LinkOptions = {
      selfSid: this.sid,
      sid: this.peer,
      iceServers: new IceServers(),
      calls,
      outgoing: this.outgoing,
      sendDescription: (description) => this.sent.push({ description }),
      sendCandidate: (candidate) => this.sent.push({ candidate }),
      ...this.more,
    };
    this.link = new PeerLink(options);
    this.link.on('error', (error) => this.errors.push(error));
    return this.link;
  }

  get pc(): FakePeerConnection {
    return this.link.peerConnection as unknown as FakePeerConnection;
  }

  /** Hands the oldest message to `other`. */
  deliverOneTo(other: End): boolean {
    const message = this.sent.shift();
    if (!message) return false;
    if ('description' in message) other.link.handleDescription(message.description);
    else other.link.handleCandidate(message.candidate);
    return true;
  }

  change(change: (outgoing: Tracks) => void): void {
    this.outgoing = new Map(this.outgoing);
    change(this.outgoing);
    this.link.updateOutgoing(this.outgoing);
  }

  /** What the other end is told that it receives. */
  get received(): string[] {
    return [...this.link.receivers.keys()].sort();
  }
}

async function settle(a: End, b: End): Promise<void> {
  let quiet = 0;
  for (let turn = 0; quiet < 12; ++turn) {
    if (turn > 1000) throw new Error('They negotiate for ever.');
    await turns(1);
    const moved = [a.deliverOneTo(b), b.deliverOneTo(a)].some(Boolean);
    quiet = moved ? 0 : quiet + 1;
  }
}

/** A report of a path by a relay. */
const kPerson = ['camera', 'microphone'];

beforeEach(() => {
  FakePeerConnection.made = [];
  FakePeerConnection.delay = () => 0;
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('MediaStream', Object);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('PeerLink', () => {
  it('connects both ways with one offer and one answer', async () => {
    const ada = new End('A', 'B', false);
    const bob = new End('B', 'A', true);
    await turns(5);
    expect(bob.sent).toHaveLength(1);
    bob.deliverOneTo(ada);
    await turns(5);
    expect(ada.sent).toMatchObject([{ description: { type: 'answer', sources: { 0: 'microphone', 1: 'camera' } } }]);
    ada.deliverOneTo(bob);
    await turns(10);
    expect([...ada.sent, ...bob.sent]).toEqual([]);
    expect([ada.received, bob.received]).toEqual([kPerson, kPerson]);
    expect(ada.pc.getTransceivers().map(({ currentDirection }) => currentDirection)).toEqual(['sendrecv', 'sendrecv']);
  });

  it('holds the places of a person without microphone and camera, and fills them without a new offer', async () => {
    const ada = new End(
      'A',
      'B',
      false,
      new Map<Source, null>([
        ['microphone', null],
        ['camera', null],
      ]),
    );
    const bob = new End('B', 'A', true);
    await settle(ada, bob);
    const camera = track('video');
    ada.change((outgoing) => outgoing.set('camera', camera));
    await turns(10);
    expect(ada.sent).toEqual([]);
    expect(ada.link.sender('camera')?.track).toBe(camera);
  });

  it('adds a screen in mid-call, takes it away, and shows it again', async () => {
    const ada = new End('A', 'B', false);
    const bob = new End('B', 'A', true);
    await settle(ada, bob);
    for (let round = 0; round < 2; ++round) {
      ada.change((outgoing) => outgoing.set('screen', track('video')).set('screen-audio', track('audio')));
      await settle(ada, bob);
      expect(bob.received).toEqual(['camera', 'microphone', 'screen', 'screen-audio']);
      ada.change((outgoing) => outgoing.delete('screen') && outgoing.delete('screen-audio'));
      await settle(ada, bob);
      expect(bob.received).toEqual(kPerson);
    }
    expect(ada.pc.getTransceivers()).toHaveLength(4);
  });

  it('lets both call at once: the polite side gives way, and each keeps its own sections', async () => {
    const ada = new End('A', 'B', true);
    const bob = new End('B', 'A', true);
    await turns(5);
    expect([ada.pc.signalingState, bob.pc.signalingState]).toEqual(['have-local-offer', 'have-local-offer']);
    await settle(ada, bob);
    expect([ada.received, bob.received]).toEqual([kPerson, kPerson]);
    const directions = [ada, bob].map(({ pc }) => pc.getTransceivers().map(({ currentDirection }) => currentDirection));
    expect(directions[0]).toEqual(['sendonly', 'sendonly', 'recvonly', 'recvonly']);
    expect(directions[1]?.sort()).toEqual(['recvonly', 'recvonly', 'sendonly', 'sendonly']);
    expect([...ada.errors, ...bob.errors]).toEqual([]);
  });

  it('lets both share a screen at once', async () => {
    const ada = new End('A', 'B', false);
    const bob = new End('B', 'A', true);
    await settle(ada, bob);
    for (const end of [ada, bob]) end.change((outgoing) => outgoing.set('screen', track('video')));
    await settle(ada, bob);
    expect([ada.received, bob.received]).toEqual([
      ['camera', 'microphone', 'screen'],
      ['camera', 'microphone', 'screen'],
    ]);
  });

  it('comes to rest whatever crosses on the way, in two hundred random calls', async () => {
    for (let seed = 1; seed <= 200; ++seed) {
      const random = seeded(seed);
      FakePeerConnection.delay = () => Math.floor(random() * 4);
      const ends = [new End('A', 'B', random() < 0.5), new End('B', 'A', true)] as const;
      for (let step = 0; step < 60; ++step) {
        const [end, other] = random() < 0.5 ? ends : ([ends[1], ends[0]] as const);
        const dice = random();
        if (dice < 0.6) end.deliverOneTo(other);
        else if (dice < 0.7 && end.pc.localDescription) end.pc.restartIce();
        else if (dice < 0.85) end.change((outgoing) => outgoing.set('screen', track('video')));
        else end.change((outgoing) => outgoing.delete('screen'));
        if (random() < 0.7) await turns(1);
      }
      FakePeerConnection.delay = () => 0;
      await settle(...ends);
      for (const [end, other] of [ends, [ends[1], ends[0]]] as const) {
        expect(end.received, `seed ${seed}`).toEqual([...other.outgoing.keys()].sort());
        expect(end.pc.signalingState, `seed ${seed}`).toBe('stable');
        expect(end.errors, `seed ${seed}`).toEqual([]);
      }
    }
  });

  it('says again what was lost: offer or answer', async () => {
    for (const lost of ['offer', 'answer']) {
      const ada = new End('A', 'B', false);
      const bob = new End('B', 'A', true);
      await turns(5);
      if (lost === 'answer') bob.deliverOneTo(ada);
      await turns(5);
      for (const end of [ada, bob]) end.sent.length = 0;
      bob.link.resync();
      ada.link.resync();
      await settle(ada, bob);
      expect([ada.received, bob.received], lost).toEqual([kPerson, kPerson]);
      expect([...ada.errors, ...bob.errors]).toEqual([]);
    }
  });

  it('takes the second of two answers to one resent offer for what it is', async () => {
    const ada = new End('A', 'B', false);
    const bob = new End('B', 'A', true);
    await turns(5);
    bob.link.resync();
    await settle(ada, bob);
    expect([ada.pc.signalingState, bob.pc.signalingState]).toEqual(['stable', 'stable']);
    expect([...ada.errors, ...bob.errors]).toEqual([]);
  });

  it('makes a new connection when the other side comes with one', async () => {
    const ada = new End('A', 'B', false);
    const bob = new End('B', 'A', true);
    await settle(ada, bob);
    const before = ada.pc;
    bob.link.close();
    bob.make(true);
    await settle(ada, bob);
    expect(before.closed).toBe(true);
    expect(ada.pc).not.toBe(before);
    expect([ada.received, bob.received]).toEqual([kPerson, kPerson]);
  });

  it('finds together again when the answer comes from another connection than the one it called', async () => {
    const ada = new End('A', 'B', false);
    const bob = new End('B', 'A', true);
    await settle(ada, bob);
    bob.link.close();
    bob.make(false); // Bob forgot; Ada notices nothing, and one day restarts ICE.
    ada.pc.restartIce();
    await settle(ada, bob);
    expect([ada.pc.signalingState, bob.pc.signalingState]).toEqual(['stable', 'stable']);
    expect([ada.received, bob.received]).toEqual([kPerson, kPerson]);
    expect([...ada.errors, ...bob.errors]).toEqual([]);
  });

  it('ignores what an earlier connection still reports', async () => {
    const ada = new End('A', 'B', false);
    const bob = new End('B', 'A', true);
    await settle(ada, bob);
    const late = bob.pc;
    bob.link.close();
    late.become('failed');
    late.onicecandidate?.({ candidate: null });
    expect(bob.sent).toEqual([]);
    expect(bob.link.state).toBe('closed');
  });

  it('keeps candidates that come before the offer, and drops those of another ICE session', async () => {
    const ada = new End('A', 'B', false);
    const bob = new End('B', 'A', true);
    await turns(5);
    const candidate = { candidate: 'candidate:1 …', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: bob.pc.ufrag };
    ada.link.handleCandidate(candidate);
    ada.link.handleCandidate({ ...candidate, usernameFragment: 'gone' });
    ada.link.handleCandidate(null);
    await settle(ada, bob);
    expect(ada.pc.candidates).toEqual([candidate, undefined]);
    expect(ada.errors).toEqual([]);
  });

  it('restarts ICE at once when it failed, after a while when it was interrupted, and not when it mended itself', () => {
    vi.useFakeTimers();
    const ada = new End('A', 'B', true);
    ada.pc.become('connected');
    ada.pc.become('disconnected');
    expect(ada.link.state).toBe('interrupted');
    ada.pc.become('connected');
    vi.advanceTimersByTime(kDisconnectedGrace * 2);
    expect([ada.pc.restarts, ada.link.state]).toEqual([0, 'connected']);
    ada.pc.become('disconnected');
    vi.advanceTimersByTime(kDisconnectedGrace);
    expect(ada.pc.restarts).toBe(1);
    ada.pc.become('failed');
    expect(ada.pc.restarts).toBe(2);
    vi.advanceTimersByTime(60_000);
    expect(ada.pc.restarts).toBeGreaterThan(3);
    expect(ada.pc.restarts).toBeLessThan(8);
    ada.link.close();
    vi.advanceTimersByTime(600_000);
    expect(ada.pc.restarts).toBeLessThan(8);
  });

  it('moves to the relay over TCP where UDP turns bad, and back, with nobody asked', async () => {
    vi.useFakeTimers();
    const iceServers = new IceServers();
    iceServers.set([{ urls: ['turn:h?transport=udp', 'turn:h?transport=tcp', 'turns:h'] }], 0);
    let udpCarries = true;
    const udpTrial = new UdpTrial(iceServers, () => Promise.resolve(udpCarries));
    const ada = new End('A', 'B', true, person(), { iceServers, udpTrial });
    ada.pc.become('connected');
    const play = async (seconds: number, lossOut: number, relayProtocol: string) => {
      for (let second = 0; second < seconds; ++second) {
        ada.pc.stats = statsOf({ at: Date.now(), lossOut, relayProtocol });
        await vi.advanceTimersByTimeAsync(1000);
      }
    };
    await play(20, 0, 'udp');
    expect(ada.pc.restarts).toBe(0);
    udpCarries = false;
    await play(6, 0.3, 'udp');
    expect([ada.pc.restarts, ada.pc.configuration]).toEqual([
      1,
      {
        iceServers: [{ urls: ['turn:h?transport=tcp', 'turns:h'] }],
        iceTransportPolicy: 'relay',
        bundlePolicy: 'max-bundle',
      },
    ]);
    await play(6, 0.3, 'udp'); // As Chromium does: it stays where it is.
    expect(FakePeerConnection.made).toHaveLength(2);
    expect(ada.pc.configuration.iceTransportPolicy).toBe('relay');
    ada.pc.become('connected');
    await play(30, 0, 'tcp');
    expect(ada.pc.restarts).toBe(0);
    udpCarries = true;
    await play(45, 0, 'tcp');
    expect([ada.pc.restarts, ada.pc.configuration.iceTransportPolicy]).toEqual([1, 'all']);
    ada.link.close();
  });

  it('restarts where nothing arrives any more, once, whatever the browser says', async () => {
    vi.useFakeTimers();
    const ada = new End('A', 'B', true);
    ada.pc.become('connected');
    for (let second = 0; second < 60; ++second) {
      ada.pc.stats = statsOf({ at: Math.min(second, 20), lossOut: 0, relayProtocol: 'udp' });
      await vi.advanceTimersByTimeAsync(1000);
      expect(ada.pc.restarts, `after ${second} s`).toBe(second < 22 ? 0 : 1);
    }
    ada.link.close();
  });

  it('offers nothing before it calls or is called, whatever the browser asks for', async () => {
    const ada = new End('A', 'B', false);
    ada.pc.onnegotiationneeded?.();
    await turns(5);
    expect([ada.sent, ada.errors, ada.pc.signalingState]).toEqual([[], [], 'stable']);
  });

  it('calls by itself when nobody called', () => {
    vi.useFakeTimers();
    const ada = new End('A', 'B', false);
    expect(ada.pc.getTransceivers()).toHaveLength(0);
    vi.advanceTimersByTime(kCallTimeout);
    expect(ada.pc.getTransceivers()).toHaveLength(2);
  });
});
