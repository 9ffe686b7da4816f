import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kReadLater } from '../board_reader';
import { FakeServer } from '../testing/fake_server';
import { done, enter, fakeBrowser, realBrowser, run, type Seat } from '../testing/meeting';

let server: FakeServer;
let ada: Seat; // The host.
let bob: Seat;
let chidi: Seat;

beforeEach(async () => {
  fakeBrowser();
  server = new FakeServer();
  ada = await enter(server, 'Ada');
  bob = await enter(server, 'Bob');
  chidi = await enter(server, 'Chidi');
  await run(kReadLater);
});
afterEach(realBrowser);

const seen = ({ room }: Seat) =>
  room.questions.all.map(({ text, state, votes, voted }) => `${text} ${state} ${votes}${voted ? '+' : ''}`);
const last = ({ room }: Seat) => room.questions.all.at(-1);

describe('Questions', () => {
  it('show at once to who asks, to hosts when the server has them, and to others when a host lets them', async () => {
    const asked = bob.room.questions.ask('Why?');
    expect(last(bob)).toMatchObject({ state: 'waiting', own: true, delivery: 'pending', id: undefined });
    expect(bob.room.questions.waiting).toBe(0);
    await run();
    await asked;
    expect(last(bob)).toMatchObject({ delivery: 'sent', id: 1 });
    expect([seen(ada), seen(chidi)]).toEqual([['Why? waiting 0'], []]);
    expect(ada.room.questions.waiting).toBe(1);
    await done(ada.room.questions.judge(1, 'open'));
    expect([seen(ada), seen(bob), seen(chidi)]).toEqual(Array(3).fill(['Why? open 0']));
    expect(ada.room.questions.waiting).toBe(0);
  });

  it('tell what others did to them', async () => {
    const heard: string[] = [];
    chidi.room.questions.on('moved', ({ text, state }) => heard.push(`${text} ${state}`));
    await done(ada.room.questions.ask('Why?'));
    await done(chidi.room.questions.ask('How?'));
    await done(ada.room.questions.judge(1, 'answered'));
    await done(ada.room.questions.judge(1, 'dismissed'));
    await done(ada.room.questions.judge(2, 'dismissed'));
    expect(heard).toEqual(['Why? open', 'Why? answered', 'How? dismissed']);
    expect(seen(chidi)).toEqual(['How? dismissed 0']);
  });

  it('count a vote at once, and as the server does', async () => {
    await done(ada.room.questions.ask('Why?'));
    const voted = bob.room.questions.vote(1, true);
    expect(seen(bob)).toEqual(['Why? open 1+']);
    await done(voted);
    expect([seen(ada), seen(bob)]).toEqual([['Why? open 1'], ['Why? open 1+']]);
    await done(chidi.room.questions.vote(1, true));
    expect([seen(ada), seen(bob), seen(chidi)]).toEqual([['Why? open 2'], ['Why? open 2+'], ['Why? open 2+']]);
    await done(bob.room.questions.vote(1, false));
    expect(seen(bob)).toEqual(['Why? open 1']);
  });

  it('take a vote back that the server refuses', async () => {
    await done(ada.room.questions.ask('Why?'));
    server.refusals.set('questionVote', 'too-many-requests');
    const voted = expect(bob.room.questions.vote(1, true)).rejects.toMatchObject({ code: 'too-many-requests' });
    await run();
    await voted;
    expect(seen(bob)).toEqual(['Why? open 0']);
  });

  it('keep what was asked and voted without a connection, and do it once', async () => {
    await done(ada.room.questions.ask('Why?'));
    bob.socket.cut();
    await run();
    void bob.room.questions.ask('later');
    void bob.room.questions.vote(1, true);
    await run();
    expect(last(bob)).toMatchObject({ delivery: 'pending' });
    expect(seen(bob)[0]).toBe('Why? open 1+');
    bob.socket.comeBack();
    await run(kReadLater);
    expect(seen(bob)).toEqual(['Why? open 1+', 'later waiting 0']);
    expect(seen(ada)).toEqual(['Why? open 1', 'later waiting 0']);
  });

  it('tell a failure, and are asked again with the same key', async () => {
    server.refusals.set('question', 'list-full');
    const asked = expect(bob.room.questions.ask('Why?')).rejects.toMatchObject({ code: 'list-full' });
    await run();
    await asked;
    expect(last(bob)).toMatchObject({ delivery: 'failed', error: { code: 'list-full' } });
    const key = last(bob)?.key ?? '';
    void bob.room.questions.retry(key);
    await run();
    expect([...server.questions.all.values()].map(({ record }) => record.key)).toEqual([key]);
    server.refusals.set('question', 'list-full');
    void bob.room.questions.ask('How?').catch(() => undefined);
    await run();
    bob.room.questions.discard(last(bob)?.key ?? '');
    expect(seen(bob)).toEqual(['Why? waiting 0']);
  });

  it('are refused where empty or too long', async () => {
    await expect(bob.room.questions.ask(' \n')).rejects.toMatchObject({ field: 'text' });
    await expect(bob.room.questions.ask('ä'.repeat(251))).rejects.toMatchObject({ field: 'text' });
    expect(seen(bob)).toEqual([]);
  });

  it('are gone when they are deleted', async () => {
    await done(bob.room.questions.ask('Why?'));
    await done(ada.room.questions.judge(1, 'open'));
    await done(bob.room.questions.delete(1));
    expect([seen(ada), seen(bob), seen(chidi)]).toEqual([[], [], []]);
  });

  it('are read page by page, and what is told meanwhile holds', async () => {
    server.questions.fill(250, { sid: 'gone', name: 'Gone' });
    const dana = await enter(server, 'Dana');
    await run(kReadLater - 60);
    expect(dana.room.questions.loaded).toBe(false);
    void ada.room.questions.judge(3, 'answered');
    await run();
    await run();
    expect(dana.room.questions.all.length).toBe(250);
    expect(dana.room.questions.loaded).toBe(true);
    expect(dana.room.questions.all[2]).toMatchObject({ id: 3, state: 'answered' });
  });

  it('are read again later where too many read at once', async () => {
    server.questions.fill(3, { sid: 'gone', name: 'Gone' });
    server.refusals.set('questions', 'too-many-requests');
    const dana = await enter(server, 'Dana');
    await run(kReadLater);
    expect(dana.room.questions.all).toEqual([]);
    await run(5000);
    expect(dana.room.questions.all.length).toBe(3);
  });

  it('are all seen by a new host, and no longer by one who was', async () => {
    await done(bob.room.questions.ask('Why?'));
    await done(ada.room.questions.ask('How?'));
    server.change(chidi.sid, { role: 'cohost' });
    await run();
    expect(seen(chidi)).toEqual(['Why? waiting 0', 'How? open 0']);
    server.change(chidi.sid, { role: 'participant' });
    await run();
    expect(seen(chidi)).toEqual(['How? open 0']);
  });
});
