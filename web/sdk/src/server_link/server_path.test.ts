import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IceServers } from '../ice_servers';
import type { RoomState } from '../signalling';
import { answerTo } from '../testing/fake_media_server';
import { FakePeerConnection } from '../testing/fake_peer_connection';
import { fakeBrowser, realBrowser, run } from '../testing/meeting';
import { statsOf } from '../testing/path_stats';
import { UdpTrial } from '../udp_trial';
import { kServerPatience, ServerLink, type ServerLinkOptions } from './server_link';

const kCandidates = [
  'a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host',
  'a=candidate:2 1 tcp 1671430143 192.0.2.1 40000 typ host tcptype passive',
];

const newest = () => FakePeerConnection.made.at(-1) as FakePeerConnection;

let udpCarries: boolean;
let state: RoomState;
let restarts: number;

async function connected(): Promise<ServerLink> {
  const iceServers = new IceServers();
  iceServers.set([{ urls: ['turn:h?transport=udp', 'turn:h?transport=tcp', 'turns:h'] }], 0);
  const wire = {
    get state() {
      return state;
    },
    request: (_event: string, { offer, renegotiate }: { offer: { sdp: string }; renegotiate?: boolean }) => {
      if (renegotiate) restarts += 1;
      return Promise.resolve({ answer: answerTo(offer.sdp) + kCandidates.map((line) => `${line}\r\n`).join('') });
    },
  } as unknown as ServerLinkOptions['wire'];
  const link = new ServerLink({
    ...{ wire, iceServers, videoSlots: 4, log: () => undefined, outgoing: () => new Map() },
    udpTrial: new UdpTrial(iceServers, () => Promise.resolve(udpCarries)),
  });
  link.connect();
  await run();
  newest().become('connected');
  return link;
}

async function play(seconds: number, lossOut: number, relayProtocol: string): Promise<void> {
  for (let second = 0; second < seconds; ++second) {
    newest().stats = statsOf({ at: performance.now(), lossOut, relayProtocol });
    await run(1000);
  }
}

beforeEach(() => {
  fakeBrowser();
  udpCarries = true;
  state = 'joined';
  restarts = 0;
});
afterEach(realBrowser);

describe('The path of a ServerLink', () => {
  it('goes over TCP where UDP turns bad, and back, with nobody asked', async () => {
    const link = await connected();
    await play(20, 0, 'udp');
    expect(restarts).toBe(0);
    udpCarries = false;
    await play(6, 0.3, 'udp');
    expect([restarts, newest().configuration]).toMatchObject([
      1,
      { iceServers: [{ urls: ['turn:h?transport=tcp', 'turns:h'] }], iceTransportPolicy: 'relay' },
    ]);
    await play(20, 0, 'tcp');
    expect([FakePeerConnection.made.length, link.state, restarts]).toEqual([1, 'connected', 1]);
    udpCarries = true;
    await play(45, 0, 'tcp');
    expect([restarts, newest().configuration]).toMatchObject([
      2,
      { iceServers: [{ urls: ['turn:h?transport=udp'] }], iceTransportPolicy: 'all' },
    ]);
    // Where the server's TCP port is told as well, it could be chosen again.
    expect(newest().remoteDescription?.sdp.match(/^a=candidate.*/gm)).toEqual(kCandidates.slice(0, 1));
    link.close();
  });

  it('gets another connection where the browser stays on UDP, but none without signalling', async () => {
    const link = await connected();
    await play(20, 0, 'udp');
    udpCarries = false;
    await play(7, 0.3, 'udp');
    state = 'connecting';
    await play(9, 0.3, 'udp');
    expect([FakePeerConnection.made.length, link.state]).toEqual([1, 'connected']);
    state = 'joined';
    await play(5, 0.3, 'udp');
    expect([FakePeerConnection.made.length, link.state]).toEqual([2, 'interrupted']);
    expect(newest().configuration.iceTransportPolicy).toBe('relay');
    await run(kServerPatience + 100); // It leads nowhere: then by all there is.
    expect([FakePeerConnection.made.length, newest().configuration.iceTransportPolicy]).toEqual([3, 'all']);
    link.close();
  });
});
