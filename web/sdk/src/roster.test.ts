import { describe, expect, it } from 'vitest';
import { participant } from './protocol';
import { reconcile } from './roster';

const info = (sid: string) =>
  participant.read({ sid, name: sid.toUpperCase(), micinf: true, vidinf: true, scrinf: false, away: false }, '');
const sids = ({ keep, call, hold, drop }: ReturnType<typeof reconcile>) => ({
  keep: keep.map(({ sid }) => sid),
  call: call.map(({ sid }) => sid),
  hold,
  drop,
});

describe('reconcile', () => {
  it('calls everyone who is there when we come in', () => {
    const welcome = { resumed: false, participants: [info('a'), info('b')] };
    expect(sids(reconcile([], welcome))).toEqual({ keep: [], call: ['a', 'b'], hold: [], drop: [] });
  });

  it('keeps everyone who kept us, calls who is new, and drops who went', () => {
    const known = [
      { sid: 'a', connected: true },
      { sid: 'b', connected: false },
      { sid: 'c', connected: true },
    ];
    const welcome = { resumed: true, participants: [info('a'), info('b'), info('d')] };
    expect(sids(reconcile(known, welcome))).toEqual({ keep: ['a', 'b'], call: ['d'], hold: [], drop: ['c'] });
  });

  it('keeps and waits for working connections only when the server forgot us', () => {
    const known = [
      { sid: 'a', connected: true },
      { sid: 'b', connected: false },
      { sid: 'c', connected: true },
      { sid: 'd', connected: false },
    ];
    const welcome = { resumed: false, participants: [info('a'), info('b')] };
    expect(sids(reconcile(known, welcome))).toEqual({ keep: ['a'], call: ['b'], hold: ['c'], drop: ['d'] });
  });
});
