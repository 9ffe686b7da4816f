import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kHandoverDrain, kHandoverInterval, kHandoverPatience } from './handover';
import { LocalMedia } from './local_media';
import { kUnconnectedAfter } from './mesh';
import type { Slot, Source } from './protocol';
import { Room } from './room';
import type { RoomEvents } from './room_events';
import { FakePeerConnection } from './testing/fake_peer_connection';
import { FakeServer } from './testing/fake_server';
import { FakeSocket } from './testing/fake_socket';
import { enter, fakeBrowser, realBrowser, run, type Seat } from './testing/meeting';

let server: FakeServer;

beforeEach(() => {
  fakeBrowser();
  server = new FakeServer();
});
afterEach(realBrowser);

const meshOf = (from: Seat, to: Seat) => {
  const pc = from.room.participants.get(to.sid)?.link.peerConnection;
  return pc as unknown as FakePeerConnection;
};

/** The connection that was made last and lives. */
function newestConnection(): FakePeerConnection {
  return FakePeerConnection.made.filter(({ closed }) => !closed).at(-1) as FakePeerConnection;
}

/** The mids of the slots of a connection, by kind. */
function midsOf(pc: FakePeerConnection, kind: string): string[] {
  return pc
    .getTransceivers()
    .filter(({ direction, receiver }) => direction === 'recvonly' && receiver.track.kind === kind)
    .map(({ mid }) => mid ?? '');
}

function tellSlots(to: Seat, slots: Slot[]): void {
  server.tell(to.sid, 'slots', { slots });
}

/** So much has come in each of these sections. */
function arrive(pc: FakePeerConnection, mids: readonly string[], count: number): void {
  for (const mid of mids) {
    const report = { type: 'inbound-rtp', mid, framesDecoded: count, packetsReceived: count };
    pc.stats.set(`in-${mid}`, report);
  }
}

function hear<K extends keyof RoomEvents>(seat: Seat, name: K): RoomEvents[K][] {
  const heard: RoomEvents[K][] = [];
  seat.room.on(name, (event) => heard.push(event));
  return heard;
}

const trackOf = (from: Seat, to: Seat, source: Source) => from.room.participants.get(to.sid)?.track(source);
const wayTo = (from: Seat, to: Seat) => from.room.participants.get(to.sid)?.link.way;

/** Two people in a call from peer to peer, cameras and microphones on. */
async function call(): Promise<[Seat, Seat]> {
  const ada = await enter(server, 'Ada');
  const bob = await enter(server, 'Bob');
  for (const { media } of [ada, bob]) {
    const started = media.start({ microphone: true, camera: true });
    await run();
    await started;
  }
  meshOf(ada, bob).become('connected');
  meshOf(bob, ada).become('connected');
  await run();
  return [ada, bob];
}

/** The room goes over the server, and Ada's connection with it stands. */
async function change(ada: Seat, bob: Seat): Promise<FakePeerConnection> {
  server.media.topology = 'sfu';
  server.tell(ada.sid, 'topology', { topology: 'sfu', reason: 'third' });
  await run();
  const pc = newestConnection();
  tellSlots(ada, [{ mid: midsOf(pc, 'video')[0] ?? '', sid: bob.sid, source: 'camera' }]);
  await run();
  pc.become('connected');
  await run();
  return pc;
}

describe('a room of the server', () => {
  it('is entered with one offer in the join, and hears of everybody by slots', async () => {
    server.media.topology = 'sfu';
    const ada = await enter(server, 'Ada', { topology: 'sfu' });
    const pc = newestConnection();
    const bob = await enter(server, 'Bob', { topology: 'sfu' });
    const join = server.log.find(({ event }) => event === 'join');
    expect(Object.values((join?.fields['offer'] as { sources: object }).sources)).toEqual([
      ...['microphone', 'camera', 'screen', 'screen-audio'],
    ]);
    expect([server.media.connects, ada.room.topology, FakePeerConnection.made.filter((made) => !made.closed)]).toEqual([
      ...[[], 'sfu', [pc, expect.anything()]],
    ]);
    const tracks = hear(ada, 'track');
    const [mid = ''] = midsOf(pc, 'video');
    tellSlots(ada, [{ mid, sid: bob.sid, source: 'camera' }]);
    await run();
    const track = trackOf(ada, bob, 'camera');
    expect(track).toBe(pc.getTransceivers().find((transceiver) => transceiver.mid === mid)?.receiver.track);
    expect(tracks).toMatchObject([{ source: 'camera', track }]);
    tellSlots(ada, [{ mid }]);
    await run();
    expect(trackOf(ada, bob, 'camera')).toBeUndefined();
    expect(tracks.at(-1)).toMatchObject({ source: 'camera', track: undefined });
  });

  it('is connected to before the offer is made, which takes the browser longer', () => {
    server.media.topology = 'sfu';
    const socket = new FakeSocket(server);
    const connect = vi.spyOn(socket, 'connect').mockImplementation(() => {
      expect(FakePeerConnection.made).toEqual([]);
      return socket;
    });
    const room = new Room({ socket, room: 'daily', name: 'Ada', media: new LocalMedia(), topology: 'sfu' });
    expect([connect.mock.calls.length, FakePeerConnection.made.length]).toEqual([1, 1]);
    room.leave();
  });

  it('gives who comes late a connection by a request', async () => {
    server.media.topology = 'sfu';
    const ada = await enter(server, 'Ada');
    expect(server.media.connects.map(({ sid, renegotiate }) => [sid, renegotiate])).toEqual([[ada.sid, false]]);
    expect(server.log.find(({ event }) => event === 'join')?.fields).not.toHaveProperty('offer');
  });

  it('keeps the offer of a join until the topology changes', async () => {
    const ada = await enter(server, 'Ada', { topology: 'sfu' }); // Somebody else made the room, for p2p.
    const pc = newestConnection();
    expect([ada.room.topology, pc.signalingState]).toEqual(['p2p', 'have-local-offer']);
    server.tell(ada.sid, 'topology', { topology: 'sfu', reason: 'viewer', ...server.media.answerFor(ada.sid) });
    await run();
    expect([ada.room.topology, pc.signalingState, server.media.connects]).toEqual(['sfu', 'stable', []]);
  });

  it('plays every slot for sound, but nobody twice', async () => {
    const [ada, bob] = await call();
    expect(ada.room.sounds.map(({ id }) => id)).toEqual([`${bob.sid}/microphone`]);
    const pc = await change(ada, bob);
    const [mid = ''] = midsOf(pc, 'audio');
    tellSlots(ada, [{ mid, sid: bob.sid, source: 'microphone' }]);
    await run();
    const slot = ada.room.sounds.find(({ id }) => id === `slot/${mid}`)?.track;
    const direct = ada.room.sounds.find(({ id }) => id === `${bob.sid}/microphone`)?.track;
    expect([ada.room.sounds.length, slot?.enabled, direct?.enabled]).toEqual([4, false, true]);
    await run(kHandoverPatience + kHandoverInterval);
    expect([wayTo(ada, bob), slot?.enabled]).toEqual(['server', true]);
    expect(direct?.enabled).toBe(false);
  });

  it('says who speaks as the server hears it', async () => {
    const [ada, bob] = await call();
    await change(ada, bob);
    await run(kHandoverPatience + 100);
    server.tell(ada.sid, 'speakers', { sids: [bob.sid] });
    await run(200);
    expect(ada.room.participants.get(bob.sid)?.speaking).toBe(true);
    server.tell(ada.sid, 'speakers', { sids: [] });
    await run(200);
    expect(ada.room.participants.get(bob.sid)?.speaking).toBe(false);
  });

  it('is told what is shown, once, and only while it carries', async () => {
    const [ada, bob] = await call();
    const tiles = [{ sid: bob.sid, source: 'camera' as const, width: 640.4, height: 360 }];
    ada.room.show(tiles);
    await run();
    expect(server.media.views.size).toBe(0);
    await change(ada, bob);
    expect(server.media.views.get(ada.sid)).toEqual([{ ...tiles[0], width: 640 }]);
    const count = () => server.log.filter(({ event }) => event === 'view').length;
    ada.room.show(tiles);
    await run();
    expect(count()).toBe(1);
    ada.room.show([]);
    await run();
    expect([count(), server.media.views.get(ada.sid)]).toEqual([2, []]);
  });

  it('tells what limits a picture', async () => {
    const [ada, bob] = await call();
    const pc = await change(ada, bob);
    await run(kHandoverPatience + 100);
    const [mid = ''] = midsOf(pc, 'video');
    const told = { sid: bob.sid, source: 'camera', mid, width: 320, height: 180, fps: 15, bitrate: 150_000 };
    server.tell(ada.sid, 'quality', { estimate: 200_000, tiles: [{ ...told, limit: 'downlink', paused: false }] });
    await run();
    const picture = ada.room.participants.get(bob.sid)?.picture('camera');
    expect(picture).toEqual({
      ...{ width: 320, height: 180, framesPerSecond: 15, bitrate: 150_000, limit: 'downlink', paused: false },
    });
  });
});

describe('a change to the server', () => {
  it('keeps the old way until the new one brings pictures, and closes it a while after', async () => {
    const [ada, bob] = await call();
    const mesh = meshOf(ada, bob);
    const changes = hear(ada, 'topology');
    const pc = await change(ada, bob);
    const old = trackOf(ada, bob, 'camera');
    expect([wayTo(ada, bob), changes]).toEqual(['direct', [{ topology: 'sfu', reason: 'third' }]]);
    const mids = midsOf(pc, 'video').slice(0, 1);
    arrive(pc, mids, 0);
    await run(4 * kHandoverInterval);
    expect([wayTo(ada, bob), trackOf(ada, bob, 'camera')]).toEqual(['direct', old]);
    arrive(pc, mids, 1);
    ada.room.participants.get(bob.sid)?.update({ micinf: false });
    await run(2 * kHandoverInterval);
    expect([wayTo(ada, bob), mesh.closed]).toEqual(['server', false]);
    expect(trackOf(ada, bob, 'camera')).not.toBe(old);
    await run(kHandoverDrain + kHandoverInterval);
    expect(mesh.closed).toBe(true);
    const steps = ada.room.log.signalling.entries.map(({ step }) => step);
    expect(steps.slice(-2)).toEqual(['topology', 'handed-over']);
  });

  it('is not waited for where a picture never comes, as it is paused perhaps', async () => {
    const [ada, bob] = await call();
    await change(ada, bob);
    await run(kHandoverPatience - 200);
    expect(wayTo(ada, bob)).toBe('direct');
    await run(400);
    expect(wayTo(ada, bob)).toBe('server');
  });

  it('stays with the old way while the server cannot be reached', async () => {
    const [ada, bob] = await call();
    server.media.carries = false;
    server.tell(ada.sid, 'topology', { topology: 'sfu', reason: 'third' });
    await run(20_000);
    expect([wayTo(ada, bob), meshOf(ada, bob).closed]).toEqual(['direct', false]);
  });

  it('takes the server at once for who was not connected yet', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const mesh = meshOf(ada, bob);
    server.tell(ada.sid, 'topology', { topology: 'sfu', reason: 'unconnected' });
    await run();
    expect([wayTo(ada, bob), mesh.closed]).toEqual(['server', true]);
  });

  it('takes the server at once when the other closes the old way', async () => {
    const [ada, bob] = await call();
    const mesh = meshOf(ada, bob);
    await change(ada, bob);
    mesh.become('disconnected');
    await run();
    expect([wayTo(ada, bob), mesh.closed]).toEqual(['server', true]);
  });

  it('is asked for when two are not connected in time', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    await run(kUnconnectedAfter);
    expect(server.media.unconnected).toEqual([
      { sid: ada.sid, about: bob.sid },
      { sid: bob.sid, about: ada.sid },
    ]);
    meshOf(ada, bob).become('connected');
    const carol = await enter(server, 'Carol');
    meshOf(ada, carol).become('connected');
    meshOf(bob, carol).become('connected');
    meshOf(carol, ada).become('connected');
    meshOf(carol, bob).become('connected');
    await run(2 * kUnconnectedAfter);
    expect(server.media.unconnected).toHaveLength(2);
  });
});

describe('a change back', () => {
  async function callByServer(): Promise<[Seat, Seat, FakePeerConnection]> {
    const [ada, bob] = await call();
    const pc = await change(ada, bob);
    await run(kHandoverPatience + kHandoverDrain + 200);
    expect(wayTo(ada, bob)).toBe('server');
    return [ada, bob, pc];
  }

  it('keeps the server until the links bring pictures', async () => {
    const [ada, bob, pc] = await callByServer();
    const before = FakePeerConnection.made.length;
    server.tell(ada.sid, 'topology', { topology: 'p2p', reason: 'left' });
    await run();
    const mesh = FakePeerConnection.made[before] as FakePeerConnection;
    expect([wayTo(ada, bob), ada.room.topology, mesh.localDescription?.type]).toEqual(['server', 'p2p', 'offer']);
    await run(200);
    mesh.become('connected');
    await run(kHandoverPatience + 200);
    expect([wayTo(ada, bob), pc.closed]).toEqual(['direct', false]);
    await run(kHandoverDrain);
    expect(pc.closed).toBe(true);
  });

  it('is undone without a new connection where it does not succeed', async () => {
    const [ada, bob, pc] = await callByServer();
    server.tell(ada.sid, 'topology', { topology: 'p2p', reason: 'left' });
    await run(kUnconnectedAfter + 100);
    expect(server.media.unconnected).toContainEqual({ sid: ada.sid, about: bob.sid });
    const connects = server.media.connects.length;
    server.tell(ada.sid, 'topology', { topology: 'sfu', reason: 'unconnected' });
    await run(kHandoverDrain + 200);
    expect([wayTo(ada, bob), pc.closed, server.media.connects.length]).toEqual(['server', false, connects]);
  });
});

describe('files', () => {
  it('go from browser to browser where media goes by the server', async () => {
    server.media.topology = 'sfu';
    const ada = await enter(server, 'Ada', { topology: 'sfu' });
    const bob = await enter(server, 'Bob', { topology: 'sfu' });
    const offered: string[] = [];
    bob.room.files.on('offer', ({ name }) => offered.push(name));
    for (const pc of FakePeerConnection.made) pc.become('connected');
    const before = FakePeerConnection.made.length;
    ada.room.files.send(new File(['hello'], 'hello.txt'));
    await run();
    const [one, other] = FakePeerConnection.made.slice(before);
    one?.become('connected');
    other?.become('connected');
    await run(200);
    expect([offered, one?.getTransceivers().length]).toEqual([['hello.txt'], 0]);
  });
});
