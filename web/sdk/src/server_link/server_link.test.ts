import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SignalError } from '../errors';
import { IceServers } from '../ice_servers';
import type { Outgoing } from '../link_senders';
import { FakePeerConnection, FakeTrack } from '../testing/fake_peer_connection';
import { answerTo } from '../testing/fake_media_server';
import { fakeBrowser, realBrowser, run } from '../testing/meeting';
import {
  kMoreShown,
  kNothingSaid,
  kServerGrace,
  kServerPatience,
  kServerRetry,
  ServerLink,
  type ServerLinkOptions,
} from './server_link';
import { kRelaysAfter } from './late_relays';

type Request = { offer: { sdp: string; sources: Record<string, string> }; renegotiate?: boolean };

const track = (kind: string) => new FakeTrack(kind) as unknown as MediaStreamTrack;
const newest = () => FakePeerConnection.made.at(-1) as FakePeerConnection;

/** The way to a server that answers as told. */
class Server {
  readonly requests: Request[] = [];
  refuse: SignalError | undefined;
  readonly wire = {
    state: 'joined' as const,
    request: (_event: string, fields: Request) => {
      this.requests.push(fields);
      return this.refuse ? Promise.reject(this.refuse) : Promise.resolve({ answer: answerTo(fields.offer.sdp) });
    },
  };
}

let server: Server;
let outgoing: Outgoing;
let errors: unknown[];

function makeLink(videoSlots = 4): ServerLink {
  const iceServers = new IceServers();
  iceServers.set([{ urls: 'turn:example.org' }], 0);
  const link = new ServerLink({
    wire: server.wire as unknown as ServerLinkOptions['wire'],
    ...{ iceServers, videoSlots, log: () => undefined },
    outgoing: () => outgoing,
  });
  link.on('error', (error) => errors.push(error));
  return link;
}

beforeEach(() => {
  fakeBrowser();
  server = new Server();
  outgoing = new Map();
  errors = [];
});
afterEach(realBrowser);

describe('ServerLink', () => {
  it('offers what may be sent, three voices and its pictures, and two channels', async () => {
    const link = makeLink();
    link.connect();
    await run();
    const pc = newest();
    const sections = pc.getTransceivers().map(({ kind, direction }) => `${kind} ${direction}`);
    expect(sections).toEqual([
      ...['audio sendonly', 'video sendonly', 'video sendonly', 'audio sendonly'],
      ...['audio recvonly', 'audio recvonly', 'audio recvonly'],
      ...Array.from({ length: 4 }, () => 'video recvonly'),
    ]);
    expect(Object.values(server.requests[0]?.offer.sources ?? {})).toEqual([
      ...['microphone', 'camera', 'screen', 'screen-audio'],
    ]);
    expect([pc.signalingState, pc.channels.map(({ label }) => label)]).toEqual([
      'stable',
      ['parley', 'parley-unreliable'],
    ]);
    const rids = pc
      .getTransceivers()
      .slice(1, 3)
      .map(({ sender }) => sender.getParameters().encodings.map((encoding) => (encoding as { rid: string }).rid));
    expect(rids).toEqual([
      ['q', 'h', 'f'],
      ['h', 'f'],
    ]);
  });

  it('puts tracks in and out without another offer', async () => {
    const link = makeLink();
    link.connect();
    await run();
    newest().become('connected');
    outgoing = new Map([
      ['camera', track('video')],
      ['screen', track('video')],
    ]);
    link.updateOutgoing();
    await run();
    const sent = newest()
      .getTransceivers()
      .slice(0, 4)
      .map(({ sender }) => sender.track);
    expect(sent).toEqual([null, outgoing.get('camera'), outgoing.get('screen'), null]);
    outgoing = new Map();
    link.updateOutgoing();
    await run();
    expect(newest().getTransceivers()[1]?.sender.track).toBeNull();
    expect(server.requests).toHaveLength(1);
  });

  it('sends nothing while its offer is only ready', async () => {
    outgoing = new Map([['camera', track('video')]]);
    const link = makeLink();
    await Promise.all([link.prepare(), run()]);
    expect([link.offer?.sdp.length, link.state]).toEqual([expect.any(Number), 'closed']);
    expect(newest().getTransceivers()[1]?.sender.track).toBeNull();
    link.connect(answerTo(link.offer?.sdp ?? ''));
    await run();
    expect(newest().getTransceivers()[1]?.sender.track).toBe(outgoing.get('camera'));
    expect([server.requests, newest().signalingState, link.offer]).toEqual([[], 'stable', undefined]);
  });

  it('encodes what somebody watches, also on the connection after', async () => {
    const link = makeLink();
    link.connect();
    await run();
    link.setLayers({ source: 'camera', active: ['q'] });
    link.setLayers({ source: 'camera', active: ['q', 'h'] });
    await run();
    const active = () =>
      newest()
        .getTransceivers()[1]
        ?.sender.getParameters()
        .encodings.map((encoding) => (encoding as { active: boolean }).active);
    expect(active()).toEqual([true, true, false]);
    link.renew();
    await run();
    expect([FakePeerConnection.made.length, active()]).toEqual([2, [true, true, false]]);
  });

  it('restarts ICE where the path breaks, on the same connection', async () => {
    const link = makeLink();
    link.connect();
    await run();
    newest().become('connected');
    newest().become('disconnected');
    expect(link.state).toBe('interrupted');
    await run(kServerGrace + 60);
    expect(server.requests.map(({ renegotiate }) => renegotiate)).toEqual([undefined, true]);
    expect(server.requests[1]?.offer.sdp).toContain('r1');
    newest().become('connected');
    await run(2 * kServerPatience);
    expect([link.state, FakePeerConnection.made.length, server.requests.length]).toEqual(['connected', 1, 2]);
  });

  it('leaves a path alone that mends itself', async () => {
    const link = makeLink();
    link.connect();
    await run();
    newest().become('connected');
    newest().become('disconnected');
    await run(kServerGrace / 2);
    newest().become('connected');
    await run(kServerPatience);
    expect([link.state, server.requests.length]).toEqual(['connected', 1]);
  });

  it('makes a new connection, by relays too, where a restart does not help', async () => {
    const link = makeLink();
    link.connect();
    await run();
    const first = newest();
    expect(first.configuration.iceServers).toEqual([]);
    first.become('connected');
    first.become('failed');
    await run(kServerPatience + 100);
    expect([first.closed, FakePeerConnection.made.length, link.state]).toEqual([true, 2, 'interrupted']);
    expect(newest().configuration.iceServers).toHaveLength(1);
    newest().become('connected');
    expect(link.state).toBe('connected');
  });

  it('adds the relays to a first connection that leads nowhere, and to no other', async () => {
    const link = makeLink();
    link.connect();
    await run(kRelaysAfter - 100);
    const first = newest();
    expect([first.configuration.iceServers, first.restarts, server.requests.length]).toEqual([[], 0, 1]);
    first.stats = new Map([['pair', { type: 'candidate-pair', requestsSent: 12 }]]);
    await run(200);
    expect([first.configuration.iceServers, first.restarts]).toEqual([[{ urls: 'turn:example.org' }], 1]);
    expect(server.requests.map(({ renegotiate }) => renegotiate)).toEqual([undefined, true]);
    await run(kServerPatience - 200);
    expect([FakePeerConnection.made.length, server.requests.length]).toEqual([1, 2]);
    first.become('connected');
    await run(2 * kServerPatience);
    expect([link.state, FakePeerConnection.made.length, server.requests.length]).toEqual(['connected', 1, 2]);
  });

  it('waits with the relays where a busy computer has hardly asked for a path yet', async () => {
    const link = makeLink();
    link.connect();
    await run();
    newest().stats = new Map([['pair', { type: 'candidate-pair', requestsSent: 2 }]]);
    await run(2 * kRelaysAfter - 200);
    expect([newest().restarts, server.requests.length]).toEqual([0, 1]);
    await run(200);
    expect([newest().restarts, server.requests.length]).toEqual([1, 2]);
  });

  it('leaves a first connection alone that has a path, also where the rest of it takes long', async () => {
    const link = makeLink();
    link.connect();
    await run(kRelaysAfter / 2);
    newest().becomeIce('connected');
    await run(2 * kRelaysAfter);
    newest().become('connected');
    await run(2 * kServerPatience);
    expect([server.requests.length, newest().configuration.iceServers]).toEqual([1, []]);
  });

  it('tries again ever more seldom where it is refused, and tells of it', async () => {
    server.refuse = new SignalError('unavailable', 'No media here.');
    const link = makeLink();
    link.connect();
    await run(20 * kServerRetry);
    expect([server.requests.length, errors.length]).toEqual([5, 5]); // At 0, 1, 3, 7 and 15 s.
    link.close();
    await run(100 * kServerRetry);
    expect([server.requests.length, vi.getTimerCount()]).toEqual([5, 0]);
  });

  it('waits for the signalling to come back, and goes on then', async () => {
    server.refuse = new SignalError('offline', 'Not connected.');
    const link = makeLink();
    link.connect();
    await run(10 * kServerPatience);
    expect([server.requests.length, errors]).toEqual([1, []]);
    server.refuse = undefined;
    link.resync();
    await run();
    newest().become('connected');
    expect([server.requests.length, link.state]).toEqual([2, 'connected']);
  });

  it('restarts no connection that the server never heard of', async () => {
    const link = makeLink();
    link.connect();
    await run();
    newest().become('connected');
    server.refuse = new SignalError('offline', 'Not connected.');
    newest().become('failed'); // And the signalling is gone with it: neither restart nor replacement gets through.
    await run(60);
    link.renew();
    await run(60);
    server.refuse = undefined;
    server.requests.length = 0;
    link.resync();
    await run();
    expect([link.state, server.requests.map(({ renegotiate }) => renegotiate)]).toEqual(['interrupted', [undefined]]);
  });

  it('looks for a new path when the network changes, and keeps the connection where that goes well', async () => {
    const page = new EventTarget();
    vi.stubGlobal('window', page);
    const link = makeLink();
    link.connect();
    await run();
    newest().become('connected');
    page.dispatchEvent(new Event('online'));
    await run(2 * kServerPatience);
    expect(server.requests.map(({ renegotiate }) => renegotiate)).toEqual([undefined, true]);
    expect([FakePeerConnection.made.length, link.state]).toEqual([1, 'connected']);
    link.end();
    page.dispatchEvent(new Event('online'));
    await run();
    expect(server.requests).toHaveLength(2);
  });

  describe('has room for few pictures at first, and', () => {
    const pictures = () =>
      newest()
        .getTransceivers()
        .filter(({ kind, direction }) => kind === 'video' && direction === 'recvonly');
    const fill = (link: ServerLink, count: number) =>
      link.assign(
        pictures()
          .slice(0, count)
          .map(({ mid }, i) => ({ mid: mid ?? '', sid: `sid-${String(i)}`, source: 'camera' as const })),
      );
    const connected = async () => {
      const link = makeLink(9);
      link.connect();
      await run();
      newest().become('connected');
      return link;
    };

    it('for all that the screen shows once they are taken, on the same connection', async () => {
      const link = await connected();
      fill(link, 3);
      await run();
      expect([pictures().length, server.requests.length]).toEqual([4, 1]);
      fill(link, 4);
      await run(kNothingSaid);
      expect(server.requests.map(({ renegotiate }) => renegotiate)).toEqual([undefined, true]);
      expect([pictures().length, newest().signalingState, FakePeerConnection.made.length]).toEqual([9, 'stable', 1]);
      fill(link, 9);
      await run();
      expect([...link.slots.receiversOf('sid-8').values()]).toEqual([pictures()[8]?.receiver]);
      expect(server.requests).toHaveLength(2);
    });

    it('for no more while no more are shown', async () => {
      const link = await connected();
      link.show(5); // As it was drawn first.
      fill(link, 4);
      await run(kMoreShown / 2);
      link.show(4);
      await run(kNothingSaid);
      expect([pictures().length, server.requests.length]).toEqual([4, 1]);
      link.show(5);
      await run(kMoreShown);
      expect([pictures().length, server.requests.length]).toEqual([9, 2]);
    });

    it('loses nothing where the server refuses more, or is not reached: that is said again', async () => {
      const link = await connected();
      server.refuse = new SignalError('offline', 'Not connected.');
      fill(link, 4);
      await run(3 * kServerPatience);
      expect([link.state, errors, FakePeerConnection.made.length]).toEqual(['connected', [], 1]);
      server.refuse = new SignalError('too-many-requests', 'Slow down.');
      link.resync();
      await run(3 * kServerPatience);
      expect([link.state, errors.length, link.slots.receiversOf('sid-0').size]).toEqual(['connected', 1, 1]);
      server.refuse = undefined;
      link.resync();
      await run();
      expect([newest().signalingState, server.requests.length]).toEqual(['stable', 4]);
    });

    it('keeps that room on the connection after', async () => {
      const link = await connected();
      fill(link, 4);
      await run(kNothingSaid);
      link.renew();
      await run();
      expect([FakePeerConnection.made.length, pictures().length]).toEqual([2, 9]);
    });
  });

  it('begins with empty slots on a new connection', async () => {
    const link = makeLink();
    link.connect();
    await run();
    const mid = newest().getTransceivers().at(-1)?.mid ?? '';
    link.assign([{ mid, sid: 'sid-b', source: 'camera' }]);
    expect([...link.slots.receiversOf('sid-b').keys()]).toEqual(['camera']);
    const concerned: string[] = [];
    link.on('slots', (sids) => concerned.push(...sids));
    link.renew();
    await run();
    expect([[...link.slots.receiversOf('sid-b')], concerned]).toEqual([[], ['sid-b']]);
  });
});
