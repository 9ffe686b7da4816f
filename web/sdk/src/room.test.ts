import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalMedia } from './local_media';
import { Room } from './room';
import { FakePeerConnection, FakeTrack } from './testing/fake_peer_connection';
import { FakeServer } from './testing/fake_server';
import { FakeSocket } from './testing/fake_socket';

function enter(server: FakeServer, name: string) {
  const socket = new FakeSocket(server);
  const media = new LocalMedia();
  const room = new Room({ socket, room: 'daily', name, media });
  const heard: string[] = [];
  room.on('joined', (participant) => heard.push(`${participant.name} joined`));
  room.on('left', ({ participant, reason }) => heard.push(`${participant.name} ${reason}`));
  room.on('away', (participant) => heard.push(`${participant.name} away`));
  room.on('back', (participant) => heard.push(`${participant.name} back`));
  room.on('error', (error) => heard.push(`error ${error.message}`));
  return { socket, media, room, heard };
}

type Seat = ReturnType<typeof enter>;

const run = (milliseconds = 60) => vi.advanceTimersByTimeAsync(milliseconds);
const names = ({ room }: Seat) => [...room.participants.values()].map(({ name }) => name);
const pcOf = (from: Seat, to: Seat) =>
  from.room.participants.get(to.room.sid ?? '')?.link.peerConnection as unknown as FakePeerConnection;
const sees = (from: Seat, to: Seat) =>
  [...(from.room.participants.get(to.room.sid ?? '')?.link.receivers.keys() ?? [])].sort();
const kPerson = ['camera', 'microphone'];

function connect(a: Seat, b: Seat): void {
  pcOf(a, b).become('connected');
  pcOf(b, a).become('connected');
}

async function call(server: FakeServer): Promise<[Seat, Seat]> {
  const ada = enter(server, 'Ada');
  await run();
  const bob = enter(server, 'Bob');
  await run();
  connect(ada, bob);
  return [ada, bob];
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'] });
  FakePeerConnection.made = [];
  FakePeerConnection.delay = () => 0;
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('MediaStream', Object);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('Room', () => {
  it('brings two people together, and who came later calls', async () => {
    const server = new FakeServer();
    const [ada, bob] = await call(server);
    await expect(bob.room.ready).resolves.toBeUndefined();
    expect([names(ada), names(bob)]).toEqual([['Bob'], ['Ada']]);
    expect([sees(ada, bob), sees(bob, ada)]).toEqual([kPerson, kPerson]);
    expect([ada.heard, bob.heard]).toEqual([['Bob joined'], []]);
    const offers = server.log.filter(({ fields }) => fields['type'] === 'offer');
    expect(offers.map(({ from }) => from)).toEqual([bob.room.sid]);
  });

  it('makes a mesh of four', async () => {
    const server = new FakeServer();
    const seats: Seat[] = [];
    for (const name of ['Ada', 'Bob', 'Chidi', 'Dora']) {
      seats.push(enter(server, name));
      await run();
    }
    for (const from of seats) {
      for (const to of seats) if (from !== to) expect(sees(from, to)).toEqual(kPerson);
    }
    const connections = seats.flatMap(({ room }) =>
      [...room.participants.values()].map(({ link }) => link.peerConnection),
    );
    expect(new Set(connections).size).toBe(12);
  });

  it('survives four who come at the same moment', async () => {
    const server = new FakeServer();
    const seats = ['Ada', 'Bob', 'Chidi', 'Dora'].map((name) => enter(server, name));
    await run(500);
    for (const from of seats) {
      for (const to of seats) if (from !== to) expect(sees(from, to)).toEqual(kPerson);
    }
    expect(seats.flatMap(({ heard }) => heard).filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('drops who left, and tells why', async () => {
    const [ada, bob] = await call(new FakeServer());
    const pc = pcOf(ada, bob);
    bob.room.leave();
    await run();
    expect(ada.heard.at(-1)).toBe('Bob left');
    expect([names(ada), pc.closed]).toEqual([[], true]);
    expect(bob.room.state).toBe('left');
  });

  it('keeps the call while someone is away, and knows them when they are back', async () => {
    const [ada, bob] = await call(new FakeServer());
    const [one, other] = [pcOf(ada, bob), pcOf(bob, ada)];
    bob.socket.cut();
    await run();
    expect(bob.room.state).toBe('reconnecting');
    expect(ada.room.participants.get(bob.room.sid ?? '')?.away).toBe(true);
    bob.socket.comeBack();
    await run();
    expect(ada.heard).toEqual(['Bob joined', 'Bob away', 'Bob back']);
    expect([pcOf(ada, bob), pcOf(bob, ada)]).toEqual([one, other]);
    expect([one.closed, other.closed, bob.room.state]).toEqual([false, false, 'joined']);
  });

  it('keeps the pictures through a server restart, whoever comes back first', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const server = new FakeServer();
      const seats = await call(server);
      const before = [pcOf(seats[0], seats[1]), pcOf(seats[1], seats[0])];
      server.restart();
      for (const index of order) {
        seats[index]?.socket.comeBack();
        await run(2000);
      }
      await run(60_000); // Nobody is given up on afterwards.
      expect([pcOf(seats[0], seats[1]), pcOf(seats[1], seats[0])]).toEqual(before);
      expect(before.map(({ closed }) => closed)).toEqual([false, false]);
      expect(seats.map(({ room }) => [...room.participants.values()].map(({ away }) => away))).toEqual([
        [false],
        [false],
      ]);
      expect(seats.flatMap(({ heard }) => heard.slice(1))).toEqual([]);
    }
  });

  it('drops who does not come back after a server restart', async () => {
    const server = new FakeServer();
    const [ada] = await call(server);
    server.restart();
    ada.socket.comeBack();
    await run(29_000);
    expect(names(ada)).toEqual(['Bob']);
    await run(2_000);
    expect([names(ada), ada.heard.at(-1)]).toEqual([[], 'Bob timeout']);
  });

  it('calls anew after a restart in which the pictures were lost as well', async () => {
    const server = new FakeServer();
    const [ada, bob] = await call(server);
    server.restart();
    pcOf(ada, bob).become('disconnected');
    pcOf(bob, ada).become('disconnected');
    ada.socket.comeBack();
    await run();
    bob.socket.comeBack();
    await run();
    expect([sees(ada, bob), sees(bob, ada)]).toEqual([kPerson, kPerson]);
    expect(pcOf(ada, bob).connectionState).toBe('new');
  });

  it('calls who came while we were away', async () => {
    const server = new FakeServer();
    const [ada] = await call(server);
    ada.socket.cut();
    const chidi = enter(server, 'Chidi'); // His offer to Ada goes nowhere.
    await run();
    ada.socket.comeBack();
    await run();
    expect([sees(ada, chidi), sees(chidi, ada)]).toEqual([kPerson, kPerson]);
  });

  it('comes back together after one was away for too long', async () => {
    const server = new FakeServer();
    const [ada, bob] = await call(server);
    bob.socket.cut();
    await run();
    server.timeOut(bob.room.sid ?? '');
    await run();
    expect(names(ada)).toEqual([]);
    pcOf(bob, ada).become('disconnected');
    bob.socket.comeBack();
    await run();
    expect([sees(ada, bob), sees(bob, ada)]).toEqual([kPerson, kPerson]);
  });

  it('repairs what was lost when Socket.IO recovers the connection', async () => {
    const server = new FakeServer();
    const [ada, bob] = await call(server);
    bob.socket.cut();
    bob.room.publish('screen', new FakeTrack('video') as unknown as MediaStreamTrack);
    await run();
    bob.socket.comeBack(bob.room.sid);
    await run();
    expect(sees(ada, bob)).toContain('screen');
    expect(ada.room.participants.get(bob.room.sid ?? '')?.scrinf).toBe(true);
  });

  it('tells of microphone, camera and screen only what changed, and all of it after a restart', async () => {
    const server = new FakeServer();
    const [ada, bob] = await call(server);
    const told = () => server.log.filter(({ event }) => event === 'media').map(({ fields }) => fields);
    expect(told()).toEqual([]);
    bob.room.publish('screen', new FakeTrack('video') as unknown as MediaStreamTrack);
    bob.room.publish('microphone', new FakeTrack('audio') as unknown as MediaStreamTrack);
    await run();
    expect(told()).toEqual([
      { micinf: false, vidinf: false, scrinf: true },
      { micinf: true, vidinf: false, scrinf: true },
    ]);
    server.restart();
    bob.socket.comeBack();
    ada.socket.comeBack();
    await run();
    expect(ada.room.participants.get(bob.room.sid ?? '')).toMatchObject({ micinf: true, scrinf: true });
  });

  it('drops a participant whom the server does not know', async () => {
    const server = new FakeServer();
    const [ada, bob] = await call(server);
    server.seats.delete(bob.room.sid ?? ''); // Behind everybody's back.
    ada.room.publish('screen', new FakeTrack('video') as unknown as MediaStreamTrack);
    await run();
    expect(names(ada)).toEqual([]);
  });

  it('fails with the server’s words', async () => {
    const server = new FakeServer();
    server.refuse = { code: 'room-full', message: 'The room is full.' };
    const { room } = enter(server, 'Ada');
    const refused = expect(room.ready).rejects.toMatchObject({ code: 'room-full', message: 'The room is full.' });
    await run();
    await refused;
    expect(room.state).toBe('failed');
  });
});
