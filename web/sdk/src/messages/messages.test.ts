import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kHandoverDrain, kHandoverInterval } from '../handover';
import { FakePeerConnection } from '../testing/fake_peer_connection';
import { FakeServer } from '../testing/fake_server';
import { done, enter, fakeBrowser, realBrowser, run, type Seat } from '../testing/meeting';
import { kMaxMessageBytes, kReceiptInterval } from './messages';
import { kPatience } from './outbox';

let server: FakeServer;

beforeEach(() => {
  fakeBrowser();
  server = new FakeServer();
});
afterEach(realBrowser);

/** Every path that is being made stands from now on. */
async function connectAll(): Promise<void> {
  for (const pc of FakePeerConnection.made.filter(({ closed }) => !closed)) pc.become('connected');
  await run();
}

const meshOf = (from: Seat, to: Seat) =>
  from.room.participants.get(to.sid)?.link.peerConnection as unknown as FakePeerConnection;

/** What each hears, as `from: data`. */
function listen(...seats: Seat[]): string[][] {
  return seats.map(({ room }) => {
    const heard: string[] = [];
    room.on('message', ({ from, data, reliable }) => {
      heard.push(`${from.name}${reliable ? ':' : '~'} ${typeof data === 'string' ? data : [...data].join()}`);
    });
    return heard;
  });
}

async function meet(topology: 'p2p' | 'sfu', names: readonly string[]): Promise<Seat[]> {
  server.media.topology = topology;
  const seats: Seat[] = [];
  for (const name of names) seats.push(await enter(server, name, { topology }));
  await connectAll();
  return seats;
}

async function goTo(topology: 'p2p' | 'sfu', seats: readonly Seat[]): Promise<void> {
  server.media.topology = topology;
  for (const { sid } of seats) server.tell(sid, 'topology', { topology, reason: 'third' });
  await run();
}

const closeDirect = () => {
  for (const pc of FakePeerConnection.made) {
    for (const channel of pc.channels) if (channel.label.startsWith('parley-messages')) channel.break();
  }
};

describe.each(['p2p', 'sfu'] as const)('messages of a room, %s', (topology) => {
  it('go to everyone, as text or bytes, reliable or not', async () => {
    const [ada, bob, cy] = (await meet(topology, ['Ada', 'Bob', 'Cy'])) as [Seat, Seat, Seat];
    const [atAda, atBob, atCy] = listen(ada, bob, cy);
    expect(ada.room.send('hello')).toBe(true);
    await run(200); // The channels are open.
    expect(ada.room.send(Uint8Array.of(1, 2), { reliable: false })).toBe(true);
    expect(cy.room.send('hi all')).toBe(true);
    await run(200);
    expect([atAda, atBob, atCy]).toEqual([
      ['Cy: hi all'],
      expect.arrayContaining(['Ada: hello', 'Ada~ 1,2', 'Cy: hi all']),
      ['Ada: hello', 'Ada~ 1,2'],
    ]);
    expect(atBob).toHaveLength(3);
  });

  it('go to those named alone', async () => {
    const [ada, bob, cy] = (await meet(topology, ['Ada', 'Bob', 'Cy'])) as [Seat, Seat, Seat];
    const heard = listen(ada, bob, cy);
    expect(ada.room.send('psst', { to: cy.sid })).toBe(true);
    await run(200);
    expect(ada.room.send('now', { to: [cy.sid], reliable: false })).toBe(true);
    expect(ada.room.send('both', { to: [bob.sid, cy.sid, 'nobody'] })).toBe(true);
    expect(ada.room.send('none', { to: 'nobody' })).toBe(false);
    await run(200);
    expect(heard).toEqual([[], ['Ada: both'], expect.arrayContaining(['Ada: psst', 'Ada~ now', 'Ada: both'])]);
    expect(heard[2]).toHaveLength(3);
  });

  it('come once and in order', async () => {
    const [ada, bob] = (await meet(topology, ['Ada', 'Bob'])) as [Seat, Seat];
    const [, atBob] = listen(ada, bob);
    for (let i = 0; i < 50; ++i) ada.room.send(String(i));
    await run(4 * kPatience);
    expect(atBob).toEqual(Array.from({ length: 50 }, (_none, index) => `Ada: ${index}`));
  });

  it('begin for a newcomer with what is sent from then on', async () => {
    const [ada] = (await meet(topology, ['Ada', 'Bob'])) as [Seat, Seat];
    ada.room.send('before');
    await run(2 * kReceiptInterval);
    const cy = await enter(server, 'Cy', { topology });
    const [atCy] = listen(cy);
    ada.room.send('while they connect');
    await connectAll();
    await run(200);
    ada.room.send('after');
    await run(4 * kPatience);
    expect(atCy).toEqual(['Ada: while they connect', 'Ada: after']);
  });

  it('are refused where they are too long, too many, or not permitted', async () => {
    const [ada, bob] = (await meet(topology, ['Ada', 'Bob'])) as [Seat, Seat];
    const [, atBob] = listen(ada, bob);
    expect(() => ada.room.send('é'.repeat(kMaxMessageBytes / 2 + 1))).toThrow('longer than 60000 bytes');
    const results = Array.from({ length: 400 }, () => ada.room.send('x', { reliable: false }));
    expect(results.filter(Boolean)).toHaveLength(300);
    await run(1000);
    expect(ada.room.send('x'.repeat(kMaxMessageBytes), { to: bob.sid })).toBe(true);
    await run(kReceiptInterval);
    await done(ada.room.host.permit(bob.sid, { chat: false }));
    expect([bob.room.may('chat'), bob.room.send('?')]).toEqual([false, false]);
    expect(atBob?.at(-1)).toHaveLength(kMaxMessageBytes + 'Ada: '.length);
  });
});

describe('messages by the server', () => {
  it('are sent once, however many there are to hear them', async () => {
    const [ada] = (await meet('sfu', ['Ada', 'Bob', 'Cy', 'Dee'])) as [Seat];
    ada.room.send('hello');
    ada.room.send('there', { reliable: false });
    await run();
    expect(server.media.messages).toBe(2);
    await run(kReceiptInterval);
    expect(server.media.messages).toBe(5); // A receipt of each.
    await run(60_000);
    expect(server.media.messages).toBe(5);
  });

  it('come again to who was too slow', async () => {
    const [ada, bob, cy] = (await meet('sfu', ['Ada', 'Bob', 'Cy'])) as [Seat, Seat, Seat];
    const [, atBob, atCy] = listen(ada, bob, cy);
    ada.room.send('0');
    await run();
    server.media.skips = (receiver, reliable) => reliable && receiver === bob.sid;
    for (let i = 1; i < 20; ++i) ada.room.send(String(i));
    await run();
    server.media.skips = () => false;
    ada.room.send('20');
    await run(500);
    const all = Array.from({ length: 21 }, (_none, index) => `Ada: ${index}`);
    expect([atBob, atCy]).toEqual([all, all]);
    server.media.skips = (receiver) => receiver === bob.sid;
    ada.room.send('the last');
    await run();
    server.media.skips = () => false;
    await run(kPatience + 2 * kReceiptInterval);
    expect(atBob?.slice(21)).toEqual(['Ada: the last']);
  });

  it('outlive the connection that carried them', async () => {
    const [ada, bob] = (await meet('sfu', ['Ada', 'Bob'])) as [Seat, Seat];
    const [, atBob] = listen(ada, bob);
    ada.room.send('0');
    server.tell(ada.sid, 'topology', { topology: 'sfu', reason: 'forced' }); // It has lost Ada's connection.
    ada.room.send('1');
    await run();
    ada.room.send('2');
    await connectAll();
    await run(200);
    expect(atBob).toEqual(['Ada: 0', 'Ada: 1', 'Ada: 2']);
  });
});

describe('messages while the way changes', () => {
  it('to the server and back: none is lost, doubled or overtaken', async () => {
    const seats = (await meet('p2p', ['Ada', 'Bob', 'Cy'])) as [Seat, Seat, Seat];
    const heard = listen(...seats);
    let sent = 0;
    const talk = async (milliseconds: number) => {
      for (let at = 0; at < milliseconds; at += 50) {
        for (const { room } of seats) expect(room.send(String(sent))).toBe(true);
        sent += 1;
        await run(50);
      }
    };
    await talk(500);
    await goTo('sfu', seats);
    await talk(200); // Nobody is connected with the server yet.
    for (const pc of FakePeerConnection.made.filter(({ closed }) => !closed)) {
      pc.become('connected'); // One after the other.
      await talk(100);
    }
    await talk(kHandoverInterval + kHandoverDrain + 1000);
    expect(FakePeerConnection.made.filter(({ closed }) => !closed)).toHaveLength(3);
    await goTo('p2p', seats);
    await talk(200);
    closeDirect(); // Whatever was left of the old ones.
    await connectAll();
    await talk(kHandoverInterval + kHandoverDrain + 1000);
    await run(30_000);
    const numbers = Array.from({ length: sent }, (_none, index) => index);
    seats.forEach((seat, at) => {
      for (const other of seats.filter((one) => one !== seat)) {
        const from = (heard[at] ?? []).filter((line) => line.startsWith(other.room.name));
        expect(from).toEqual(numbers.map((number) => `${other.room.name}: ${number}`));
      }
    });
  });
});

describe('messages from peer to peer', () => {
  it('cost nothing until one is sent', async () => {
    await meet('p2p', ['Ada', 'Bob']);
    expect(FakePeerConnection.made.flatMap(({ channels }) => channels)).toEqual([]);
  });

  it('of whom may send none are not given out', async () => {
    const [ada, bob] = (await meet('p2p', ['Ada', 'Bob'])) as [Seat, Seat];
    const [atAda] = listen(ada, bob);
    bob.room.send('0');
    await run(200);
    const bobs = meshOf(bob, ada).channels.find(({ readyState }) => readyState === 'open');
    const shout = async () => {
      bobs?.send(Uint8Array.of(0, 0, 1, 33)); // Their application is another.
      await run();
    };
    await shout();
    await done(ada.room.host.permit(bob.sid, { chat: false }));
    await shout();
    expect(atAda).toEqual(['Bob: 0', 'Bob~ !']);
  });
});
