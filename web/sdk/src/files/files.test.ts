import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakePeerConnection } from '../testing/fake_peer_connection';
import { FakeServer } from '../testing/fake_server';
import { enter, fakeBrowser, realBrowser, run, type Seat } from '../testing/meeting';
import { safeName } from './safe_name';
import { Sha256 } from './sha256';

let server: FakeServer;
let ada: Seat;
let bob: Seat;

const pcOf = (from: Seat, to: Seat) =>
  from.room.participants.get(to.sid)?.link.peerConnection as unknown as FakePeerConnection;

function connect(one: Seat, other: Seat): void {
  pcOf(one, other).become('connected');
  pcOf(other, one).become('connected');
}

beforeEach(async () => {
  fakeBrowser();
  server = new FakeServer();
  ada = await enter(server, 'Ada');
  bob = await enter(server, 'Bob');
  connect(ada, bob);
});
afterEach(realBrowser);

function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251);
}

const file = (size: number, name = 'plan.pdf') => new File([bytesOf(size)], name, { type: 'application/pdf' });
const only = ({ room }: Seat) => room.files.transfers[0];
// Reading a Blob takes real time, whatever the timers say.
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); ++turn) {
    if (turn > 2000) throw new Error('It does not come to that.');
    await run(20);
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    await new Blob(['x']).text();
  }
}
const hasArrived = async (bytes: Uint8Array) =>
  Buffer.from((await only(bob)?.blob?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(bytes);
const isOver = (seat: Seat) => () => seat.room.files.transfers.every(({ state }) => !/offered|active/.test(state));
const acceptAll = ({ room }: Seat) => room.files.on('offer', ({ id }) => room.files.accept(id));

describe('Files', () => {
  it('offers, and sends what is accepted, byte for byte', async () => {
    const offers: string[] = [];
    bob.room.files.on('offer', ({ name, size, peerName }) => offers.push(`${peerName}: ${name}, ${size}`));
    ada.room.files.send(file(300_000));
    await run();
    expect([offers, only(ada)?.state, only(bob)?.state]).toEqual([['Ada: plan.pdf, 300000'], 'offered', 'offered']);
    bob.room.files.accept(only(bob)?.id ?? '');
    await until(isOver(ada));
    expect([only(ada), only(bob)]).toMatchObject([
      { state: 'done', bytes: 300_000 },
      { state: 'done', bytes: 300_000, type: 'application/pdf' },
    ]);
    expect(await hasArrived(bytesOf(300_000))).toBe(true);
  });

  it('sends an empty file', async () => {
    acceptAll(bob);
    ada.room.files.send(file(0));
    await until(isOver(ada));
    expect([only(bob)?.state, only(bob)?.blob?.size]).toEqual(['done', 0]);
  });

  it('sends to several at once, each for themselves', async () => {
    const chidi = await enter(server, 'Chidi');
    connect(ada, chidi);
    connect(bob, chidi);
    acceptAll(bob);
    chidi.room.files.on('offer', ({ id }) => chidi.room.files.decline(id));
    ada.room.files.send(file(50_000));
    await until(isOver(ada));
    expect(ada.room.files.transfers.map(({ peerName, state }) => [peerName, state])).toEqual([
      ['Bob', 'done'],
      ['Chidi', 'declined'],
    ]);
  });

  it('costs a call nothing as long as there is no file', () => {
    expect([...pcOf(ada, bob).channels, ...pcOf(bob, ada).channels]).toEqual([]);
    expect(pcOf(ada, bob).localDescription?.sdp).not.toContain('application');
  });

  it('lets both offer at the same moment', async () => {
    acceptAll(ada);
    acceptAll(bob);
    ada.room.files.send(file(40_000, 'a.txt'));
    bob.room.files.send(file(50_000, 'b.txt'));
    await until(() => isOver(ada)() && isOver(bob)());
    for (const { room } of [ada, bob]) expect(room.files.transfers.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('never lets much wait in the channel', async () => {
    acceptAll(bob);
    ada.room.files.send(file(3_000_000));
    await until(isOver(ada));
    expect(only(bob)?.state).toBe('done');
    const fullest = Math.max(...pcOf(ada, bob).channels.map((channel) => channel.fullest));
    expect(fullest).toBeGreaterThan(500_000);
    expect(fullest).toBeLessThan(1_200_000);
  });

  it('fails where a byte changed on the way', async () => {
    acceptAll(bob);
    ada.room.files.send(file(100_000));
    await until(() => pcOf(ada, bob).channels.length > 0);
    for (const channel of pcOf(ada, bob).channels) {
      channel.tamper = (data) => {
        if (data instanceof ArrayBuffer) new Uint8Array(data)[100] = 255;
        return data;
      };
    }
    await until(isOver(ada));
    expect([only(ada), only(bob)]).toMatchObject([
      { state: 'failed', reason: 'damaged' },
      { state: 'failed', reason: 'damaged', blob: undefined },
    ]);
  });

  it('is cancelled from either side', async () => {
    acceptAll(bob);
    for (const [canceller, count] of [
      [ada, 1],
      [bob, 2],
    ] as const) {
      const stop = canceller.room.files.on('change', () => {
        const transfer = canceller.room.files.transfers[count - 1];
        if (transfer && transfer.bytes > 0) canceller.room.files.cancel(transfer.id);
      });
      ada.room.files.send(file(4_000_000));
      await run();
      await until(() => isOver(ada)() && isOver(bob)());
      stop();
      for (const { room } of [ada, bob]) expect(room.files.transfers[count - 1]?.state).toBe('cancelled');
    }
  });

  it('fails when the other leaves', async () => {
    ada.room.files.send(file(1000));
    await run();
    bob.room.leave();
    await run();
    expect(only(ada)).toMatchObject({ state: 'failed', reason: 'left' });
    expect(only(bob)).toMatchObject({ state: 'failed', reason: 'left' });
  });

  it('goes on where it was when the channel broke', async () => {
    acceptAll(bob);
    ada.room.files.send(file(4_000_000));
    await until(() => (only(bob)?.bytes ?? 0) > 500_000);
    for (const channel of pcOf(ada, bob).channels) {
      const { twin } = channel;
      channel.break();
      twin?.break();
    }
    await until(isOver(ada));
    expect(only(bob)?.state).toBe('done');
    expect(await hasArrived(bytesOf(4_000_000))).toBe(true);
  });

  it('refuses what is too large, on both ends', async () => {
    ada.room.files.limit = 1000;
    ada.room.files.send(file(1001));
    expect(only(ada)).toMatchObject({ state: 'failed', reason: 'too-large' });
    bob.room.files.limit = 500;
    ada.room.files.send(file(600));
    await until(isOver(ada));
    expect([ada.room.files.transfers.at(-1)?.state, bob.room.files.transfers]).toEqual(['declined', []]);
  });

  it('takes more than was announced from nobody, and makes nothing of nonsense', async () => {
    ada.room.files.send(file(10));
    await run();
    bob.room.files.accept(only(bob)?.id ?? '');
    const [channel] = pcOf(ada, bob).channels;
    channel?.send('not JSON');
    channel?.send(JSON.stringify({ type: 'offer', id: 'x'.repeat(100), name: 'a', size: 1 }));
    channel?.send(JSON.stringify({ type: 'offer', id: 'x', name: 'a', size: -1 }));
    channel?.send(JSON.stringify({ type: 'end', id: 'unknown', sha256: '' }));
    const id = only(bob)?.id ?? '';
    channel?.send(JSON.stringify({ type: 'begin', id, number: 9, from: 0 }));
    channel?.send(new Uint8Array([0, 0, 0, 9, ...new Uint8Array(11)]));
    await run();
    expect(bob.room.files.transfers).toMatchObject([{ state: 'failed', reason: 'damaged' }]);
  });

  it('lets nobody bury a person in offers', async () => {
    for (let count = 0; count < 50; ++count) ada.room.files.send(file(10, `${count}.txt`));
    await run(200);
    expect(bob.room.files.transfers).toHaveLength(20);
    expect(ada.room.files.transfers.filter(({ state }) => state === 'declined')).toHaveLength(30);
  });
});

describe('safeName', () => {
  it('keeps what a name says and nothing that it does', () => {
    for (const [name, safe] of [
      ['plan.pdf', 'plan.pdf'],
      ['../../etc/passwd', 'passwd'],
      ['C:\\Windows\\evil.exe', 'evil.exe'],
      ['.bashrc', 'bashrc'],
      ['con.txt', '_con.txt'],
      ['a\u0000b\nc.txt', 'abc.txt'],
      ['photo\u202egpj.exe', 'photogpj.exe'],
      ['<script>.html', '_script_.html'],
      ['   ', 'file'],
      ['..', 'file'],
      ['', 'file'],
      ['Übersicht 2026.odt', 'Übersicht 2026.odt'],
    ] as const) {
      expect(safeName(name), name).toBe(safe);
    }
  });

  it('shortens a long one and leaves its ending', () => {
    expect(safeName(`${'a'.repeat(400)}.tar`)).toMatch(/^a{116}\.tar$/);
    expect(safeName('😀'.repeat(300))).toBe('😀'.repeat(120));
  });
});

describe('Sha256', () => {
  it('agrees with OpenSSL at every length around a block, in pieces of any size', () => {
    for (const size of [0, 1, 55, 56, 57, 63, 64, 65, 127, 128, 1000, 100_003]) {
      const bytes = bytesOf(size);
      const hash = new Sha256();
      for (let at = 0; at < size; at += 97) hash.update(bytes.subarray(at, at + 97));
      expect(hash.hex(), `${size} bytes`).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});
