import { describe, expect, it } from 'vitest';
import { browserOf, readLoggedIn } from './devices';
import { FormError } from './form';
import { Listing } from './listing';
import { readMembers, readRooms } from './my_rooms';
import { sectionOf } from './section';
import { readTokens } from './tokens';
import { ago, day } from './when';

describe('Listing', () => {
  it('shows what came last, however late an older answer is', async () => {
    const answers: ((items: string[]) => void)[] = [];
    const listing = new Listing<string>(() => new Promise((resolve) => answers.push(resolve)));
    const both = [listing.load(), listing.load()];
    answers[1]?.(['new']);
    answers[0]?.(['old']);
    await Promise.all(both);
    expect(listing.get().items).toEqual(['new']);
  });

  it('looks anew after a change, and keeps what it has when one fails', async () => {
    let items = ['a'];
    const listing = new Listing<string>(() => Promise.resolve(items));
    expect(await listing.change(() => Promise.resolve((items = ['a', 'b'])))).toBe(true);
    expect(await listing.change(() => Promise.reject(new FormError({ kind: 'forbidden' })))).toBe(false);
    expect(listing.get()).toEqual({ items: ['a', 'b'], trouble: { kind: 'forbidden' } });
    listing.clear();
    expect(listing.get()).toEqual({ items: undefined, trouble: undefined });
  });
});

describe('the answers of the server', () => {
  it('give the sessions, the present one first, then the one used last', () => {
    const json = {
      sessions: [
        { id: 1, created: 5, refreshed: 10, userAgent: 'x', current: false },
        { id: 2, created: 6, refreshed: 20, userAgent: 'y', current: false },
        { id: 3, created: 7, refreshed: 8, userAgent: 'z', current: true },
      ],
    };
    expect(readLoggedIn(json).map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it('give rooms, members and tokens, and nothing where there is nothing', () => {
    const permissions = { microphone: true, camera: true, screen: false, chat: true, todo: true };
    const [room] = readRooms({ rooms: [{ name: 'daily', you: 'owner', locked: true, permissions, lastUsed: 7 }] });
    expect(room).toEqual({
      name: 'daily',
      role: 'owner',
      locked: true,
      waitingRoom: false,
      membersOnly: false,
      permissions,
      lecture: false,
      lastUsed: 7,
    });
    expect(readMembers({ members: [{ user: { id: 2, name: 'bob', displayName: 'Bob' }, role: 'cohost' }] })).toEqual([
      { user: 'bob', displayName: 'Bob', role: 'cohost' },
    ]);
    expect(readTokens({ tokens: [{ id: 4, name: 'ci', created: 1, expires: null, lastUsed: null }] })).toEqual([
      { id: 4, name: 'ci', created: 1, expires: undefined, lastUsed: undefined },
    ]);
    for (const json of [null, 'x', {}, { rooms: {}, tokens: 3, sessions: null, members: 'y' }]) {
      expect([readRooms(json), readMembers(json), readTokens(json), readLoggedIn(json)]).toEqual([[], [], [], []]);
    }
  });
});

describe('browserOf', () => {
  it('knows the usual ones by what only they say', () => {
    const chrome =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
    expect(browserOf(chrome)).toBe('Chrome, Linux');
    expect(browserOf(`${chrome.replace('X11; Linux x86_64', 'Windows NT 10.0')} Edg/140.0`)).toBe('Edge, Windows');
    expect(browserOf('Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0')).toBe('Firefox, Android');
    expect(browserOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')).toBe(
      'Safari, iPhone',
    );
    expect(browserOf('')).toBeUndefined();
  });
});

describe('times', () => {
  it('are told as people tell them', () => {
    const now = Date.UTC(2026, 10, 28);
    expect([ago(now - 5000, now), ago(now - 120_000, now), ago(now - 86_400_000, now)]).toEqual([
      'just now',
      '2 minutes ago',
      'yesterday',
    ]);
    expect(ago(now + 5000, now)).toBe('just now'); // Clocks differ.
    expect(day(Date.UTC(2027, 2, 30, 12))).toBe('March 30, 2027');
  });
});

describe('sectionOf', () => {
  it('takes the part of the account from the address', () => {
    expect(['#tokens', '#profile', '', '#x'].map(sectionOf)).toEqual(['tokens', 'profile', 'rooms', 'rooms']);
  });
});
