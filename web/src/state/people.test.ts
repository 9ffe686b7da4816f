import { describe, expect, it } from 'vitest';
import type { Room } from '@parley/client';
import { actionsOn, peopleOf, type PersonView } from './people';

const kAll = { microphone: true, camera: true, screen: true, chat: true, todo: true };

function participant(sid: string, more: object = {}) {
  return {
    sid,
    name: sid,
    role: 'participant',
    micinf: false,
    vidinf: false,
    scrinf: false,
    permissions: kAll,
    ...more,
  };
}

function room(
  others: ReturnType<typeof participant>[],
  hands: string[] = [],
  self: object | null = { sid: 'me', role: 'participant' },
) {
  return {
    self: self ?? undefined,
    media: { flags: { micinf: true, vidinf: false, scrinf: false } },
    participants: new Map(others.map((other) => [other.sid, other])),
    hands: hands.map((sid) => ({ sid })),
  } as unknown as Room;
}

describe('peopleOf', () => {
  const sids = (of: Room) => peopleOf(of).map(({ sid }) => sid);

  it('begins with ourselves and the hosts, then goes by the order of coming', () => {
    expect(sids(room([participant('a'), participant('b', { role: 'owner' }), participant('c')]))).toEqual([
      'me',
      'b',
      'a',
      'c',
    ]);
  });

  it('puts raised hands before all, in the order of raising', () => {
    const of = room([participant('a'), participant('b', { role: 'owner' }), participant('c')], ['c', 'me', 'a']);
    expect(sids(of)).toEqual(['c', 'me', 'a', 'b']);
    expect(peopleOf(of).map(({ hand }) => hand)).toEqual([1, 2, 3, undefined]);
  });

  it('takes what we show ourselves from our own devices', () => {
    expect(peopleOf(room([]))[0]).toMatchObject({ self: true, muted: false, camera: false });
  });

  it('leaves us out before we are in', () => {
    expect(sids(room([participant('a')], [], null))).toEqual(['a']);
  });
});

describe('actionsOn', () => {
  const person = (more: Partial<PersonView> = {}) => ({
    self: false,
    role: 'participant' as const,
    program: false,
    muted: false,
    camera: true,
    sharing: false,
    hand: undefined,
    audience: false,
    ...more,
  });

  it('lets participants pin and write, and nothing else', () => {
    expect(actionsOn(person({ sharing: true, hand: 1 }), 'participant')).toEqual(['pin', 'write']);
  });

  it('lets hosts switch off what is on, and ask for what is off', () => {
    expect(actionsOn(person(), 'cohost')).toEqual(['pin', 'write', 'mute', 'cameraOff', 'permit', 'remove']);
    expect(actionsOn(person({ muted: true, camera: false, sharing: true, hand: 2 }), 'cohost')).toEqual([
      'pin',
      'write',
      'askMicrophone',
      'askCamera',
      'screenOff',
      'lowerHand',
      'permit',
      'remove',
    ]);
  });

  it('lets the owner alone give and take roles', () => {
    expect(actionsOn(person(), 'owner')).toEqual(expect.arrayContaining(['cohost', 'handOver']));
    expect(actionsOn(person({ role: 'cohost' }), 'owner')).toEqual(expect.arrayContaining(['participant', 'handOver']));
    expect(actionsOn(person({ role: 'cohost' }), 'owner')).not.toContain('permit');
  });

  it('never removes the owner', () => {
    expect(actionsOn(person({ role: 'owner' }), 'cohost')).not.toContain('remove');
  });

  it('neither writes to a program nor gives it a role', () => {
    expect(actionsOn(person({ program: true }), 'participant')).toEqual(['pin']);
    expect(actionsOn(person({ program: true }), 'owner')).toEqual(['pin', 'mute', 'cameraOff', 'permit', 'remove']);
  });

  it('lets hosts of a lecture bring people on stage, and back', () => {
    const watching = person({ audience: true, muted: true, camera: false });
    expect(actionsOn(watching, 'participant', true)).toEqual([]);
    expect(actionsOn(watching, 'cohost', true)).toEqual(['bring', 'write', 'remove']);
    expect(actionsOn({ ...watching, hand: 3 }, 'owner', true)).toEqual([
      'bring',
      'lowerHand',
      'write',
      'cohost',
      'remove',
    ]);
    expect(actionsOn(person(), 'cohost', true)).toContain('takeOff');
    expect(actionsOn(person({ role: 'cohost' }), 'owner', true)).not.toContain('takeOff');
  });

  it('leaves oneself in peace', () => {
    expect(actionsOn(person({ self: true }), 'owner')).toEqual(['pin']);
  });
});
