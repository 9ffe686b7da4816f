import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kReadLater } from '../board_reader';
import { FakeServer } from '../testing/fake_server';
import { done, enter, fakeBrowser, realBrowser, run, type Seat } from '../testing/meeting';

let server: FakeServer;
let ada: Seat;
let bob: Seat;

beforeEach(async () => {
  fakeBrowser();
  server = new FakeServer();
  ada = await enter(server, 'Ada');
  bob = await enter(server, 'Bob');
  await run(kReadLater);
});
afterEach(realBrowser);

const texts = ({ room }: Seat) => room.chat.messages.map(({ text }) => text);
const last = ({ room }: Seat) => room.chat.messages.at(-1);

describe('Chat', () => {
  it('shows an own message at once, and to others when the server has it', async () => {
    const sent = ada.room.chat.send('Hello');
    expect(last(ada)).toMatchObject({ text: 'Hello', own: true, state: 'pending', id: undefined });
    await run();
    await sent;
    expect(last(ada)).toMatchObject({ state: 'sent', id: 1 });
    expect(last(bob)).toMatchObject({ text: 'Hello', own: false, name: 'Ada' });
  });

  it('counts what was not read, and not what is before somebody’s eyes', async () => {
    await done(ada.room.chat.send('one'));
    await run();
    expect([ada.room.chat.unread, bob.room.chat.unread]).toEqual([0, 1]);
    bob.room.chat.setReading(true);
    expect(bob.room.chat.unread).toBe(0);
    void ada.room.chat.send('two');
    await run();
    expect(bob.room.chat.unread).toBe(0);
    bob.room.chat.setReading(false);
    void ada.room.chat.send('three');
    await run();
    expect(bob.room.chat.unread).toBe(1);
  });

  it('tells of a message of somebody else', async () => {
    const heard: string[] = [];
    bob.room.chat.on('message', ({ text }) => heard.push(text));
    void ada.room.chat.send('Hello');
    void bob.room.chat.send('Hi');
    await run();
    expect(heard).toEqual(['Hello']);
  });

  it('keeps a message whole that was sent without a connection, and sends it once', async () => {
    bob.socket.cut();
    await run();
    void bob.room.chat.send('later');
    await run();
    expect(last(bob)).toMatchObject({ state: 'pending' });
    bob.socket.comeBack();
    await run(kReadLater);
    expect(last(bob)).toMatchObject({ text: 'later', state: 'sent' });
    expect(texts(ada)).toEqual(['later']);
  });

  it('tells a failure, and tries again with the same key', async () => {
    server.refusals.set('chat', 'too-many-requests');
    const sent = expect(ada.room.chat.send('Hello')).rejects.toMatchObject({ code: 'too-many-requests' });
    await run();
    await sent;
    expect(last(ada)).toMatchObject({ state: 'failed', error: { code: 'too-many-requests' } });
    const key = last(ada)?.key ?? '';
    void ada.room.chat.retry(key);
    await run();
    expect(server.boards.messages.map((message) => message.key)).toEqual([key]);
    expect(last(ada)).toMatchObject({ state: 'sent', key });
  });

  it('forgets a failed message when told so', async () => {
    server.refusals.set('chat', 'forbidden');
    void ada.room.chat.send('Hello').catch(() => undefined);
    await run();
    ada.room.chat.discard(last(ada)?.key ?? '');
    expect(texts(ada)).toEqual([]);
  });

  it('refuses what is empty or too long before it is sent', async () => {
    await expect(ada.room.chat.send('  \n')).rejects.toMatchObject({ field: 'text' });
    await expect(ada.room.chat.send('ä'.repeat(2001))).rejects.toMatchObject({ field: 'text' });
    expect(texts(ada)).toEqual([]);
  });

  it('carries private messages and replies', async () => {
    const chidi = await enter(server, 'Chidi');
    void ada.room.chat.send('to all');
    await run();
    void ada.room.chat.send('psst', { to: bob.sid, replyTo: 1 });
    await run();
    expect(last(bob)).toMatchObject({ text: 'psst', to: { sid: bob.sid, name: 'Bob' }, replyTo: 1 });
    expect(texts(chidi)).not.toContain('psst');
  });

  it('shows edits and deletions where the message is', async () => {
    void ada.room.chat.send('Helo');
    await run();
    await done(ada.room.chat.edit(1, 'Hello'));
    await run();
    expect([last(ada)?.text, last(bob)?.text]).toEqual(['Hello', 'Hello']);
    expect(last(bob)?.edited).not.toBeNull();
    await done(ada.room.chat.delete(1));
    await run();
    expect(last(bob)).toMatchObject({ deleted: true, text: '' });
  });

  it('reads history by pages, and keeps it in order', async () => {
    server.boards.fill(120, { sid: 'old', name: 'Eve' });
    const chidi = await enter(server, 'Chidi');
    expect(chidi.room.chat.loaded).toBe(false);
    await run(kReadLater);
    expect([texts(chidi).length, texts(chidi)[0], chidi.room.chat.hasMore]).toEqual([50, 'message 71', true]);
    expect(chidi.room.chat.unread).toBe(0);
    void chidi.room.chat.loadMore();
    void chidi.room.chat.loadMore(); // Two quick scrolls are one page.
    await run();
    expect([texts(chidi).length, texts(chidi)[0]]).toEqual([100, 'message 21']);
    void chidi.room.chat.loadMore();
    await run();
    expect([texts(chidi).length, texts(chidi)[0], chidi.room.chat.hasMore]).toEqual([120, 'message 1', false]);
  });

  it('finds what was written while it was away, without a hole', async () => {
    void ada.room.chat.send('before');
    await run();
    bob.socket.cut();
    await run();
    server.boards.fill(60, { sid: 'old', name: 'Eve' });
    bob.socket.comeBack();
    await run(kReadLater);
    expect([texts(bob).length, texts(bob)[0], texts(bob).at(-1)]).toEqual([50, 'message 11', 'message 60']);
    expect([bob.room.chat.hasMore, bob.room.chat.unread]).toEqual([true, 51]);
    void bob.room.chat.loadMore();
    await run();
    expect([texts(bob).length, texts(bob)[0], bob.room.chat.hasMore]).toEqual([61, 'before', false]);
  });

  it('keeps older pages when nothing was missed', async () => {
    server.boards.fill(80, { sid: 'old', name: 'Eve' });
    const chidi = await enter(server, 'Chidi');
    await run(kReadLater);
    void chidi.room.chat.loadMore();
    await run();
    chidi.socket.cut();
    await run();
    chidi.socket.comeBack();
    await run(kReadLater);
    expect([texts(chidi).length, chidi.room.chat.hasMore]).toEqual([80, false]);
  });

  it('gives the same array until something changes', async () => {
    const before = ada.room.chat.messages;
    expect(ada.room.chat.messages).toBe(before);
    void bob.room.chat.send('Hello');
    await run();
    expect(ada.room.chat.messages).not.toBe(before);
  });
});
