import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kHandoverInterval, kHandoverPatience } from '../handover';
import { kQualityInterval } from '../quality';
import { FakePeerConnection } from '../testing/fake_peer_connection';
import { FakeServer } from '../testing/fake_server';
import { enter, fakeBrowser, realBrowser, run, type Seat } from '../testing/meeting';
import { kLooksToEnter, type OneStreamAdvice } from './advice';
import { kIntoSight, kOneStreamPatience } from './one_stream';

const kSize = { width: 1280, height: 720 };

let server: FakeServer;

beforeEach(() => {
  fakeBrowser();
  server = new FakeServer();
});
afterEach(realBrowser);

const newestConnection = () => FakePeerConnection.made.filter(({ closed }) => !closed).at(-1) as FakePeerConnection;

function midsOf(pc: FakePeerConnection, kind: string): string[] {
  const slots = pc.getTransceivers().filter(({ direction }) => direction === 'recvonly');
  return slots.filter(({ receiver }) => receiver.track.kind === kind).map(({ mid }) => mid ?? '');
}

function arrive(pc: FakePeerConnection, mid: string, count: number, more: object = {}): void {
  const report = { type: 'inbound-rtp', kind: 'video', id: mid, mid, framesDecoded: count, packetsReceived: count };
  pc.stats.set(`in-${mid}`, { ...report, ...more });
}

/** Ada and Bob, by the server; Ada sees Bob in the slot `theirs`. */
async function meet() {
  server.media.topology = 'sfu';
  const ada = await enter(server, 'Ada', { topology: 'sfu' });
  const pc = newestConnection();
  pc.become('connected');
  const bob = await enter(server, 'Bob', { topology: 'sfu' });
  server.tell(ada.sid, 'media', { sid: bob.sid, micinf: true, vidinf: true, scrinf: false });
  const [theirs = '', everyones = ''] = midsOf(pc, 'video');
  const [sound = ''] = midsOf(pc, 'audio');
  ada.room.show([{ sid: bob.sid, source: 'camera', width: 640, height: 360 }]);
  server.tell(ada.sid, 'slots', { slots: [{ mid: theirs, sid: bob.sid, source: 'camera' }] });
  arrive(pc, theirs, 10);
  await run();
  return { ada, bob, pc, theirs, everyones, sound };
}

const pictureOf = (ada: Seat, bob: Seat) => ada.room.participants.get(bob.sid)?.track('camera');

/** The server gives one stream, as the protocol has it, and empties what carried people. */
async function give(meeting: Awaited<ReturnType<typeof meet>>): Promise<void> {
  const { ada, pc, theirs, everyones, sound } = meeting;
  const slots = [{ mid: everyones, oneStream: true }, { mid: sound, oneStream: true }, { mid: theirs }];
  server.tell(ada.sid, 'slots', { slots });
  arrive(pc, everyones, 0);
  await run(2 * kHandoverInterval);
}

describe('OneStream', () => {
  it('keeps the pictures there are until the first of everyone has come', async () => {
    const meeting = await meet();
    const { ada, bob, pc, everyones } = meeting;
    const { oneStream } = ada.room;
    const before = pictureOf(ada, bob);
    expect([oneStream.available, oneStream.state, before === undefined]).toEqual([true, 'off', false]);
    oneStream.show(kSize);
    await run();
    expect([oneStream.state, server.media.oneStreams.get(ada.sid)]).toEqual(['starting', kSize]);
    await give(meeting);
    expect([oneStream.state, pictureOf(ada, bob)]).toEqual(['starting', before]);
    arrive(pc, everyones, 1);
    await run(kIntoSight + 3 * kHandoverInterval);
    expect([oneStream.state, pictureOf(ada, bob)]).toEqual(['on', undefined]);
    expect(oneStream.track).toBe(pc.getTransceivers().find(({ mid }) => mid === everyones)?.receiver.track);
    expect(ada.room.sounds.every(({ track }) => track.enabled)).toBe(true);
  });

  it('keeps the one picture until those of people have come', async () => {
    const meeting = await meet();
    const { ada, bob, pc, theirs, everyones } = meeting;
    const { oneStream } = ada.room;
    oneStream.show(kSize);
    await give(meeting);
    arrive(pc, everyones, 1);
    await run(kIntoSight + 3 * kHandoverInterval);
    ada.room.show([]); // No tile is drawn.
    const { track } = oneStream;
    oneStream.hide();
    await run();
    expect([oneStream.state, server.media.oneStreams.get(ada.sid)]).toEqual(['ending', kSize]);
    ada.room.show([{ sid: bob.sid, source: 'camera', width: 640, height: 360 }]);
    await run();
    expect(server.media.oneStreams.get(ada.sid)).toBeUndefined();
    const slots = [{ mid: theirs, sid: bob.sid, source: 'camera' }, { mid: everyones }];
    server.tell(ada.sid, 'slots', { slots });
    await run(2 * kHandoverInterval);
    expect([oneStream.state, oneStream.track === track]).toEqual(['ending', true]);
    arrive(pc, theirs, 11);
    await run(kIntoSight);
    expect(oneStream.state).toBe('ending'); // It has come, and is to come into sight.
    await run(3 * kHandoverInterval);
    expect([oneStream.state, oneStream.track, pictureOf(ada, bob) === undefined]).toEqual(['off', undefined, false]);
    const noted = ada.room.log.signalling.entries.filter(({ step }) => step === 'one-stream');
    expect(noted.map(({ kind }) => kind)).toEqual(['starting', 'on', 'ending', 'off']);
  });

  it('does not wait for ever for pictures that do not come', async () => {
    const meeting = await meet();
    const { ada, pc, everyones } = meeting;
    ada.room.oneStream.show(kSize);
    await give(meeting);
    arrive(pc, everyones, 1);
    await run(kIntoSight + 3 * kHandoverInterval);
    ada.room.oneStream.hide();
    await run(kHandoverPatience + 2 * kHandoverInterval);
    expect(ada.room.oneStream.state).toBe('off');
  });

  it('gives up where the server gives none, and says so', async () => {
    const { ada, bob } = await meet();
    const before = pictureOf(ada, bob);
    let failed = 0;
    ada.room.on('oneStreamFailed', () => (failed += 1));
    ada.room.oneStream.show(kSize);
    await run(kOneStreamPatience + 2 * kHandoverInterval);
    expect([ada.room.oneStream.state, failed, pictureOf(ada, bob)]).toEqual(['off', 1, before]);
    expect(server.media.oneStreams.get(ada.sid)).toBeUndefined();
  });

  it('is waited for by who is alone', async () => {
    server.media.topology = 'sfu';
    const ada = await enter(server, 'Ada', { topology: 'mcu' });
    ada.room.oneStream.show(kSize);
    await run(10 * kOneStreamPatience);
    expect(ada.room.oneStream.state).toBe('starting');
    await enter(server, 'Bob');
    await run(kOneStreamPatience + 2 * kHandoverInterval);
    expect(ada.room.oneStream.state).toBe('off');
  });

  it('waits for another where it is interrupted', async () => {
    const meeting = await meet();
    const { ada, pc, everyones } = meeting;
    ada.room.oneStream.show(kSize);
    await give(meeting);
    arrive(pc, everyones, 1);
    await run(kIntoSight + 3 * kHandoverInterval);
    server.tell(ada.sid, 'slots', { slots: [{ mid: everyones }] });
    await run();
    expect(ada.room.oneStream.state).toBe('starting');
  });

  it('is not asked for where the server makes none', async () => {
    server.media.mixes = false;
    const { ada } = await meet();
    ada.room.oneStream.show(kSize);
    await run();
    expect([ada.room.oneStream.available, ada.room.oneStream.state]).toEqual([false, 'off']);
    expect(server.media.oneStreams.get(ada.sid)).toBeUndefined();
  });

  it('tells how good its picture is, and what limits it', async () => {
    const meeting = await meet();
    const { ada, everyones } = meeting;
    ada.room.oneStream.show(kSize);
    await give(meeting);
    const told = {
      mid: everyones,
      width: 1280,
      height: 720,
      fps: 30,
      bitrate: 700_000,
      limit: 'server',
      paused: false,
    };
    server.tell(ada.sid, 'quality', { estimate: 900_000, tiles: [{ ...told, oneStream: true }] });
    await run();
    expect(ada.room.oneStream.picture).toMatchObject({ width: 1280, framesPerSecond: 30, limit: 'server' });
  });
});

describe('one stream in a call from peer to peer', () => {
  it('lets people be seen and heard straight until it is there, and nobody twice', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    for (const { media } of [ada, bob]) {
      const started = media.start({ microphone: true, camera: true });
      await run();
      await started;
    }
    const straight = ada.room.participants.get(bob.sid)?.link.peerConnection as unknown as FakePeerConnection;
    straight.become('connected');
    await run();
    ada.room.oneStream.show(kSize);
    await run();
    expect(server.media.oneStreams.get(ada.sid)).toEqual(kSize);
    server.media.topology = 'sfu';
    server.tell(ada.sid, 'topology', { topology: 'sfu', reason: 'one-stream' });
    await run();
    const pc = newestConnection();
    pc.become('connected');
    const [everyones = ''] = midsOf(pc, 'video');
    const [sound = ''] = midsOf(pc, 'audio');
    const slots = [
      { mid: everyones, oneStream: true },
      { mid: sound, oneStream: true },
    ];
    server.tell(ada.sid, 'slots', { slots });
    arrive(pc, everyones, 0);
    await run(kHandoverPatience + 500);
    const isHeard = (id: string) => ada.room.sounds.find((one) => one.id === id)?.track.enabled;
    expect(ada.room.participants.get(bob.sid)?.link.way).toBe('direct');
    expect([isHeard(`${bob.sid}/microphone`), isHeard(`slot/${sound}`)]).toEqual([true, false]);
    arrive(pc, everyones, 1);
    await run(kIntoSight + 5 * kHandoverInterval);
    expect([ada.room.oneStream.state, ada.room.participants.get(bob.sid)?.link.way]).toEqual(['on', 'server']);
    expect([isHeard(`${bob.sid}/microphone`), isHeard(`slot/${sound}`)]).toEqual([false, true]);
  });
});

describe('advice', () => {
  it('comes of a computer that does not keep up', async () => {
    const { ada, bob, pc, theirs, everyones } = await meet();
    const told: OneStreamAdvice[] = [];
    ada.room.on('oneStreamAdvised', (advice) => told.push(advice));
    server.tell(ada.sid, 'media', { sid: bob.sid, micinf: true, vidinf: true, scrinf: true });
    ada.room.show((['camera', 'screen'] as const).map((source) => ({ sid: bob.sid, source, width: 640, height: 360 })));
    for (let look = 0; look < kLooksToEnter + 2; ++look) {
      for (const mid of [theirs, everyones]) arrive(pc, mid, 50 * look, { framesDropped: 40 * look });
      await run(kQualityInterval);
    }
    expect(told).toEqual([{ oneStream: true, because: 'processor' }]);
  });
});
