import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoomEvents } from '../room_events';
import type { FakeDevices } from '../testing/fake_devices';
import { FakePeerConnection } from '../testing/fake_peer_connection';
import { FakeServer } from '../testing/fake_server';
import { done, enter, fakeBrowser, realBrowser, run, type Seat } from '../testing/meeting';

let server: FakeServer;
let devices: FakeDevices;

beforeEach(() => {
  devices = fakeBrowser();
  server = new FakeServer();
  server.media.topology = 'sfu';
});
afterEach(realBrowser);

function hear<K extends keyof RoomEvents>({ room }: Seat, name: K): RoomEvents[K][] {
  const heard: RoomEvents[K][] = [];
  room.on(name, (event) => heard.push(event));
  return heard;
}

/** Ada gives a lecture, and Bob watches. */
async function lecture() {
  const ada = await enter(server, 'Ada', { lecture: true });
  const bob = await enter(server, 'Bob', { byServer: true });
  return { ada, bob };
}

const connections = () => FakePeerConnection.made.filter(({ closed }) => !closed);
const sent = (event: string, from: Seat) => server.log.filter((one) => one.event === event && one.from === from.sid);

async function start(media: Seat['media']): Promise<void> {
  await done(media.start({ microphone: true, camera: true }));
}

describe('a meeting', () => {
  it('has everybody on stage, and no audience', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    expect([ada, bob].map(({ room }) => [room.lecture.on, room.lecture.onStage])).toEqual([
      [false, true],
      [false, true],
    ]);
    expect(ada.room.lecture.audience).toBeUndefined();
    expect(server.log.find(({ event }) => event === 'join')?.fields).not.toHaveProperty('lecture');
  });
});

describe('a lecture', () => {
  it('knows who is on stage by name, and the audience by number', async () => {
    const { ada, bob } = await lecture();
    expect([ada.room.lecture.on, ada.room.settings.lecture, ada.room.lecture.onStage]).toEqual([true, true, true]);
    expect([bob.room.lecture.on, bob.room.lecture.onStage]).toEqual([true, false]);
    expect([...ada.room.participants.keys()]).toEqual([]);
    expect([...bob.room.participants.values()].map(({ name }) => name)).toEqual(['Ada']);
    const cleo = await enter(server, 'Cleo');
    const counts = [ada, bob, cleo].map(({ room }) => room.lecture.audience?.count);
    expect(counts).toEqual([2, 2, 2]);
    cleo.room.leave();
    await run();
    expect(ada.room.lecture.audience).toEqual({ count: 1, hands: 0, raised: [] });
  });

  it('opens no device in the audience, whatever is asked for', async () => {
    const { bob } = await lecture();
    await start(bob.media);
    await done(bob.media.setMicrophone(true));
    await expect(bob.media.startScreen()).rejects.toMatchObject({ code: 'forbidden' });
    expect(devices.requests).toEqual([]);
  });

  it('lets nobody capture any more whose devices were on when they came', async () => {
    await enter(server, 'Ada', { lecture: true });
    const socketless = await lectureGoerWithDevicesOn();
    expect(devices.live).toEqual([]);
    expect(socketless.media.flags).toEqual({ micinf: false, vidinf: false, scrinf: false });
  });

  it('brings somebody on stage and back over the connection there is', async () => {
    const { ada, bob } = await lecture();
    const before = connections().length;
    const stages = hear(bob, 'stage');
    const lefts = hear(ada, 'left');
    await done(ada.room.host.stage(bob.sid, true));
    await run();
    expect([bob.room.lecture.onStage, ada.room.lecture.audience?.count]).toEqual([true, 0]);
    expect(ada.room.participants.get(bob.sid)?.name).toBe('Bob');
    expect(devices.requests).toEqual([]); // Nothing is switched on by it.
    await start(bob.media);
    expect(devices.live).toHaveLength(2);
    expect(ada.room.participants.get(bob.sid)).toMatchObject({ micinf: true, vidinf: true });

    await done(ada.room.host.stage(bob.sid, false));
    await run();
    expect(devices.live).toEqual([]);
    expect(bob.media.flags).toEqual({ micinf: false, vidinf: false, scrinf: false });
    expect(sent('media', bob).at(-1)?.fields).toEqual({ micinf: false, vidinf: false, scrinf: false });
    expect(lefts).toMatchObject([{ reason: 'audience' }]);
    expect(ada.room.participants.has(bob.sid)).toBe(false);
    expect(stages.map(({ onStage, by }) => [onStage, by?.name])).toEqual([
      [true, 'Ada'],
      [false, 'Ada'],
    ]);
    expect(connections()).toHaveLength(before);
    expect(server.media.connects).toEqual([]); // The join's offer was the only one.
  });

  it('switches devices off as soon as one is taken off the stage, whatever comes after it', async () => {
    const { ada, bob } = await lecture();
    await done(ada.room.host.stage(bob.sid, true));
    await start(bob.media);
    bob.socket.receive('stage', { onStage: false, by: null });
    await run();
    expect(devices.live).toEqual([]);
    bob.socket.receive('stage', { onStage: true, by: null });
    await run();
    await done(bob.media.setMicrophone(true));
    expect(devices.live).toHaveLength(1);
  });

  it('lets one leave the stage oneself, but not go up', async () => {
    const { ada, bob } = await lecture();
    await done(ada.room.host.stage(bob.sid, true));
    const stages = hear(bob, 'stage');
    await done(bob.room.lecture.leaveStage());
    await run();
    expect([bob.room.lecture.onStage, stages]).toEqual([false, [{ onStage: false, by: undefined }]]);
    await expect(done(bob.room.host.stage(bob.sid, true))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(done(ada.room.lecture.leaveStage())).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('says that the stage is full', async () => {
    server.lecture.most = 1;
    const { ada, bob } = await lecture();
    await expect(done(ada.room.host.stage(bob.sid, true))).rejects.toMatchObject({ code: 'stage-full' });
  });

  it('tells hosts alone who wants to speak, in their order', async () => {
    const { ada, bob } = await lecture();
    const cleo = await enter(server, 'Cleo');
    const told = hear(ada, 'audience');
    await done(cleo.room.raiseHand(true));
    await done(bob.room.raiseHand(true));
    await run();
    expect(ada.room.lecture.audience?.raised.map(({ name }) => name)).toEqual(['Cleo', 'Bob']);
    expect(ada.room.hands.map(({ name }) => name)).toEqual(['Cleo', 'Bob']);
    expect(told.at(-1)).toMatchObject({ count: 2, hands: 2 });
    expect(bob.room.lecture.audience).toEqual({ count: 2, hands: 2, raised: [] });
    expect(bob.room.self?.hand).not.toBeNull();
    await done(ada.room.host.lowerAllHands());
    await run();
    expect([ada.room.hands, bob.room.self?.hand]).toEqual([[], null]);
  });

  it('gives the audience in pages, and by name', async () => {
    const { ada, bob } = await lecture();
    for (const name of ['Cleo', 'Dan', 'Clement']) await enter(server, name);
    const first = await done(ada.room.lecture.roster({ limit: 3 }));
    expect([first.people.map(({ name }) => name), first.count]).toEqual([['Bob', 'Cleo', 'Dan'], 4]);
    const second = await done(ada.room.lecture.roster({ limit: 3, after: first.next ?? undefined }));
    expect([second.people.map(({ name }) => name), second.next]).toEqual([['Clement'], null]);
    const found = await done(ada.room.lecture.roster({ search: 'cle' }));
    expect(found.people.map(({ name }) => name)).toEqual(['Cleo', 'Clement']);
    await expect(done(bob.room.lecture.roster())).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('sums the reactions of the audience, and shows nobody their own twice', async () => {
    const { ada, bob } = await lecture();
    const [atAda, atBob] = [hear(ada, 'reactions'), hear(bob, 'reactions')];
    const ownAtBob = hear(bob, 'reaction');
    expect(bob.room.react('👏')).toBe(true);
    await run();
    server.tellAll('reactions', { counts: { '👏': 12, '🎉': 3 } });
    await run();
    expect(atAda).toEqual([{ '👏': 1 }, { '👏': 12, '🎉': 3 }]);
    expect(atBob).toEqual([{}, { '👏': 12, '🎉': 3 }]);
    expect(ownAtBob).toHaveLength(1);
  });

  it('is begun and ended by a setting', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const stages = hear(bob, 'stage');
    await start(bob.media);
    await done(ada.room.host.change({ lecture: true }));
    await run();
    expect([bob.room.lecture.onStage, devices.live, ada.room.lecture.audience?.count]).toEqual([false, [], 1]);
    expect(ada.room.participants.size).toBe(0);
    await done(ada.room.host.change({ lecture: false }));
    await run();
    expect([bob.room.lecture.onStage, ada.room.lecture.audience]).toEqual([true, undefined]);
    expect(ada.room.participants.has(bob.sid)).toBe(true);
    expect(stages).toMatchObject([{ onStage: false }, { onStage: true }]);
    await start(bob.media);
    expect(devices.live).toHaveLength(2);
  });

  it('has a co-host on stage', async () => {
    const { ada, bob } = await lecture();
    await done(ada.room.host.setRole(bob.sid, 'cohost'));
    await run();
    expect([bob.room.lecture.onStage, bob.room.isHost, bob.room.may('microphone')]).toEqual([true, true, true]);
  });

  it('knows after a lost connection that one is in the audience again', async () => {
    const { ada, bob } = await lecture();
    await done(ada.room.host.stage(bob.sid, true));
    await run();
    const stages = hear(bob, 'stage');
    bob.socket.blackHole = true;
    await done(ada.room.host.stage(bob.sid, false));
    bob.socket.cut();
    await run();
    bob.socket.blackHole = false;
    bob.socket.comeBack();
    await run();
    expect([bob.room.lecture.onStage, stages]).toEqual([false, [{ onStage: false, by: undefined }]]);
  });
});

async function lectureGoerWithDevicesOn(): Promise<Seat> {
  const { LocalMedia } = await import('../local_media');
  const { Room } = await import('../room');
  const { FakeSocket } = await import('../testing/fake_socket');
  const media = new LocalMedia();
  await start(media);
  expect(devices.live).toHaveLength(2);
  const socket = new FakeSocket(server);
  const room = new Room({ socket, room: 'daily', name: 'Bob', media });
  await run();
  return { socket, media, room, sid: room.sid ?? '' };
}
