import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AudienceMember, RosterQuery } from '@parley/client';
import { AudienceList, kPage, kRefreshRest, kTypingRest, rowsInSight } from './audience_list';

/** A server with an audience of so many, numbered. */
function audience(count: number) {
  const people: AudienceMember[] = Array.from({ length: count }, (_, at) => ({
    ...{ sid: `p${at}`, name: at % 10 === 0 ? `Zoe ${at}` : `Max ${at}`, account: false, hand: null, away: false },
    joinedAt: at,
  }));
  const queries: RosterQuery[] = [];
  const server = { people, queries, fails: false };
  const read = ({ after = -1, limit = 50, search = '', ...rest }: RosterQuery) => {
    queries.push({ after, limit, search, ...rest });
    if (server.fails) return Promise.reject(new Error('offline'));
    const found = server.people.filter(({ name }) => name.includes(search));
    const page = found.filter(({ joinedAt }) => joinedAt > after).slice(0, limit);
    const last = page.at(-1)?.joinedAt ?? -1;
    const next = found.some(({ joinedAt }) => joinedAt > last) ? last : null;
    return Promise.resolve({ people: page, count: people.length, next });
  };
  return { server, list: new AudienceList(read) };
}

const rest = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('AudienceList', () => {
  it('reads a page, and the next only when its end comes in sight', async () => {
    const { server, list } = audience(120);
    list.look(0, 10);
    await rest();
    expect([list.store.get().people.length, server.queries.length]).toEqual([kPage, 1]);
    list.look(0, 10);
    await rest();
    expect(server.queries).toHaveLength(1);
    list.look(20, 30);
    list.look(21, 31);
    await rest();
    expect([list.store.get().people.length, server.queries.length]).toEqual([100, 2]);
    list.look(80, 90);
    await rest();
    expect(list.store.get()).toMatchObject({ complete: true, loading: false });
    list.look(110, 119);
    await rest();
    expect(server.queries).toHaveLength(3);
  });

  it('looks for what was typed once it rests, and forgets answers to what was typed before', async () => {
    const { server, list } = audience(40);
    list.look(0, 10);
    list.search('Z');
    list.search('Zoe');
    await rest(kTypingRest);
    expect(list.store.get().people.map(({ name }) => name)).toEqual(['Zoe 0', 'Zoe 10', 'Zoe 20', 'Zoe 30']);
    expect(server.queries.map(({ search }) => search)).toEqual(['', 'Zoe']);
    list.search('');
    await rest();
    expect(list.store.get().people).toHaveLength(40);
  });

  it('reads what is in sight again after people came and went, and shows nobody twice', async () => {
    const { server, list } = audience(120);
    list.look(0, 10);
    await rest();
    list.look(40, 60);
    await rest();
    server.people.splice(2, 1);
    list.look(0, 10);
    list.stale();
    list.stale();
    await rest(kRefreshRest);
    const sids = list.store.get().people.map(({ sid }) => sid);
    expect(server.queries).toHaveLength(3);
    expect(sids).not.toContain('p2');
    expect([sids.length, new Set(sids).size, sids.at(-1)]).toEqual([99, 99, 'p99']);
  });

  it('asks for no page twice, however soon somebody looks again', async () => {
    const { server, list } = audience(60);
    const stop = list.store.subscribe(() => queueMicrotask(() => list.look(0, 10)));
    list.look(0, 10);
    await rest();
    stop();
    expect(server.queries.map(({ after }) => after)).toEqual([-1]);
    list.look(30, 49);
    await rest();
    expect([list.store.get().people.length, list.store.get().complete]).toEqual([60, true]);
  });

  it('says that it failed, and goes on when asked', async () => {
    const { server, list } = audience(3);
    server.fails = true;
    list.look(0, 10);
    await rest();
    expect(list.store.get()).toMatchObject({ failed: true, loading: false });
    list.look(0, 10);
    await rest();
    expect(server.queries).toHaveLength(1);
    server.fails = false;
    list.again();
    await rest();
    expect(list.store.get()).toMatchObject({ failed: false, complete: true });
    list.close();
  });
});

describe('rowsInSight', () => {
  it('are few, however long the list', () => {
    expect(rowsInSight(0, 500, 50, 1000)).toEqual({ first: 0, last: 16 });
    expect(rowsInSight(25_000, 500, 50, 1000)).toEqual({ first: 494, last: 516 });
    expect(rowsInSight(49_500, 500, 50, 1000)).toEqual({ first: 984, last: 999 });
    expect(rowsInSight(0, 500, 50, 0)).toEqual({ first: 0, last: -1 });
    expect(rowsInSight(9000, 500, 50, 3)).toEqual({ first: 2, last: 2 });
  });
});
