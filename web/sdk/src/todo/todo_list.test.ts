import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kReadLater } from '../board_reader';
import { FakeServer } from '../testing/fake_server';
import { FakeStorage } from '../testing/fake_storage';
import { enter, fakeBrowser, realBrowser, run, type Seat } from '../testing/meeting';
import { ChangeQueue, kMaxQueued } from './change_queue';
import { kMaxKeyLength } from './order_key';

let server: FakeServer;
let storage: FakeStorage;
let ada: Seat;
let bob: Seat;

beforeEach(async () => {
  fakeBrowser();
  storage = new FakeStorage();
  vi.stubGlobal('localStorage', storage);
  server = new FakeServer();
  ada = await enter(server, 'Ada');
  bob = await enter(server, 'Bob');
  await run(kReadLater);
});
afterEach(realBrowser);

const texts = ({ room }: Seat) => room.todo.items.map(({ text }) => text);
const item = ({ room }: Seat, text: string) => room.todo.items.find((one) => one.text === text);
const idOf = (seat: Seat, text: string) => item(seat, text)?.id ?? '';

describe('TodoList', () => {
  it('shows a change at once, and to others when the server has it', async () => {
    ada.room.todo.add('Tea', { assignee: 'Bob' });
    expect(item(ada, 'Tea')).toMatchObject({ pending: true, by: 'Ada', assignee: 'Bob' });
    await run();
    expect(item(ada, 'Tea')).toMatchObject({ pending: false, by: 'Ada' });
    expect(item(bob, 'Tea')).toMatchObject({ assignee: 'Bob', done: false });
    bob.room.todo.tick(idOf(bob, 'Tea'), true);
    bob.room.todo.assign(idOf(bob, 'Tea'), null);
    bob.room.todo.edit(idOf(bob, 'Tea'), 'Green tea');
    await run();
    expect(item(ada, 'Green tea')).toMatchObject({ done: true, assignee: null });
    ada.room.todo.remove(idOf(ada, 'Green tea'));
    await run();
    expect([texts(ada), texts(bob)]).toEqual([[], []]);
  });

  it('keeps the order, and changes it', async () => {
    for (const text of ['one', 'two', 'three']) ada.room.todo.add(text);
    await run();
    expect(texts(bob)).toEqual(['one', 'two', 'three']);
    bob.room.todo.move(idOf(bob, 'three'), null);
    bob.room.todo.move(idOf(bob, 'one'), idOf(bob, 'two'));
    await run();
    expect(texts(ada)).toEqual(['three', 'two', 'one']);
    ada.room.todo.add('between', { after: idOf(ada, 'three') });
    ada.room.todo.add('first', { after: null });
    await run();
    expect(texts(bob)).toEqual(['first', 'three', 'between', 'two', 'one']);
  });

  it('gives everything new places when one place was asked for too often', async () => {
    for (const text of ['a', 'b', 'c']) ada.room.todo.add(text);
    for (let move = 0; move < 400; ++move) {
      const [, second, third] = ada.room.todo.items;
      ada.room.todo.move(third?.id ?? '', ada.room.todo.items[0]?.id ?? '');
      expect(ada.room.todo.items[2]?.id).toBe(second?.id);
      if (move % 50 === 0) await run();
    }
    await run(500);
    expect(texts(bob)).toEqual(texts(ada));
    for (const { position } of bob.room.todo.items) expect(position.length).toBeLessThanOrEqual(kMaxKeyLength);
  });

  it('merges field by field what two did while one was offline', async () => {
    ada.room.todo.add('Tea');
    await run();
    bob.socket.cut();
    await run();
    bob.room.todo.tick(idOf(bob, 'Tea'), true);
    bob.room.todo.edit(idOf(bob, 'Tea'), 'Bob’s tea');
    expect([bob.room.todo.pending, item(bob, 'Bob’s tea')?.pending]).toEqual([2, true]);
    await run(10_000);
    ada.room.todo.edit(idOf(ada, 'Tea'), 'Ada’s tea');
    await run(10_000);
    bob.socket.comeBack();
    await run(kReadLater);
    for (const seat of [ada, bob]) expect(item(seat, 'Ada’s tea'), seat.room.name).toMatchObject({ done: true });
    expect(bob.room.todo.pending).toBe(0);
  });

  it('tells the server how long ago a change was made', async () => {
    bob.socket.cut();
    await run();
    bob.room.todo.add('Tea');
    await run(5000);
    bob.socket.comeBack();
    await run(kReadLater);
    const sent = server.log.filter(({ event }) => event === 'todo').at(-1)?.fields as { changes: { age: number }[] };
    expect(sent.changes[0]?.age).toBeGreaterThanOrEqual(5000);
    expect(sent.changes[0]?.age).toBeLessThan(8000);
  });

  it('lets the later of two quick changes hold, however long the first was on its way', async () => {
    ada.room.todo.add('one');
    const id = idOf(ada, 'one');
    ada.room.todo.edit(id, 'zebra');
    ada.room.todo.edit(id, 'ant');
    ada.room.todo.edit(id, 'bee');
    await run();
    expect([texts(ada), texts(bob)]).toEqual([['bee'], ['bee']]);
    const ages = server.log.flatMap(({ event, fields }) =>
      event === 'todo' ? (fields as { changes: { age: number }[] }).changes.map(({ age }) => age) : [],
    );
    expect(Math.max(...ages)).toBeLessThan(4);
  });

  it('keeps changes over a closed tab, and sends them from the next', async () => {
    bob.socket.cut();
    await run();
    bob.room.todo.add('from the train');
    bob.room.leave();
    const again = await enter(server, 'Bob');
    await run(kReadLater);
    expect(texts(again)).toContain('from the train');
    expect(texts(ada)).toContain('from the train');
    expect(storage.length).toBe(0);
  });

  it('undoes what the server refuses, and says so', async () => {
    const refused: string[] = [];
    ada.room.todo.on('refused', ({ code }) => refused.push(code));
    server.refusals.set('todo', 'forbidden');
    ada.room.todo.add('Tea');
    await run();
    expect([refused, texts(ada), ada.room.todo.pending]).toEqual([['forbidden'], [], 0]);
  });

  it('offers again what the server could not store just now', async () => {
    server.refusals.set('todo', 'unavailable');
    ada.room.todo.add('Tea');
    await run();
    expect([texts(ada), ada.room.todo.pending]).toEqual([['Tea'], 1]);
    await run(6000);
    expect([texts(bob), ada.room.todo.pending]).toEqual([['Tea'], 0]);
  });

  it('works where storage is forbidden', async () => {
    storage.broken = true;
    ada.room.todo.add('Tea');
    await run();
    expect(texts(bob)).toEqual(['Tea']);
  });

  it('refuses texts that are empty or too long', () => {
    expect(() => ada.room.todo.add(' ')).toThrow('empty');
    expect(() => ada.room.todo.add('ä'.repeat(300))).toThrow('longer');
    expect(texts(ada)).toEqual([]);
  });

  it('shows newcomers the list, and not before it was asked for', async () => {
    ada.room.todo.add('Tea');
    await run();
    const chidi = await enter(server, 'Chidi');
    expect(chidi.room.todo.loaded).toBe(false);
    await run(kReadLater);
    expect([chidi.room.todo.loaded, texts(chidi)]).toEqual([true, ['Tea']]);
  });
});

describe('ChangeQueue', () => {
  const change = (item: string, fields: object, by?: string) => ({ item, madeAt: 1, fields, ...(by && { by }) });

  it('sends once what was said twice, and leaves alone what is on its way', () => {
    const queue = new ChangeQueue('daily', 'tab', storage, 0);
    queue.add(change('a', { text: 'one', done: true }));
    queue.add(change('b', { text: 'other' }));
    queue.add(change('a', { text: 'two' }));
    expect(queue.changes.map(({ fields }) => fields)).toEqual([{ done: true }, { text: 'other' }, { text: 'two' }]);
    queue.add(change('a', { text: 'three' }), 3);
    expect(queue.changes).toHaveLength(4);
  });

  it('never takes the text from the change that makes an item', () => {
    const queue = new ChangeQueue('daily', 'tab', storage, 0);
    queue.add(change('a', { text: 'one' }, 'Ada'));
    queue.add(change('a', { text: 'two' }));
    expect(queue.changes.map(({ fields }) => fields)).toEqual([{ text: 'one' }, { text: 'two' }]);
  });

  it('is bounded', () => {
    const queue = new ChangeQueue('daily', 'tab', storage, 0);
    for (let index = 0; index < kMaxQueued; ++index)
      expect(queue.add(change(`item-${index}`, { done: true }))).toBe(true);
    expect(queue.add(change('more', { done: true }))).toBe(false);
  });

  it('takes over what is readable, of this room and not too old', () => {
    storage.setItem('parley.todo/daily/x', JSON.stringify([change('a', { done: true }), { nonsense: 1 }, null]));
    storage.setItem('parley.todo/other/x', JSON.stringify([change('b', { done: true })]));
    const queue = new ChangeQueue('Daily', 'tab', storage, 1000);
    expect(queue.changes.map((one) => one.item)).toEqual(['a']);
    storage.setItem('parley.todo/daily/y', 'not JSON');
    expect(new ChangeQueue('daily', 'late', storage, 40 * 24 * 3600_000).changes).toEqual([]);
  });
});
