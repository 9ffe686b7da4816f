import { describe, expect, it, vi } from 'vitest';
import { Emitter, type Room } from '@parley/client';
import { callGoesOn, RoomViews, viewOf } from './room_view';

const kOff = { micinf: false, vidinf: false, scrinf: false };

class FakeRoom extends Emitter<{ change: undefined }> {
  readonly sid = 'me';
  readonly name = 'Ada';
  state = 'joined';
  speaking = false;
  hands: { sid: string }[] = [];
  readonly participants = new Map<string, object>();
  readonly sounds = [];
  oneStream = { state: 'off', track: undefined, picture: undefined };
  lecture: object = { on: false, onStage: true, audience: undefined };
  readonly media = { flags: kOff, camera: {}, screen: {} };
  add(sid: string, more: object = {}): void {
    this.participants.set(sid, {
      sid,
      name: sid,
      ...kOff,
      link: { state: 'connected', way: 'direct' },
      track: () => undefined,
      picture: () => undefined,
      ...more,
    });
  }
  change(): void {
    this.emit('change', undefined);
  }
}

const roomOf = (fake: FakeRoom) => fake as unknown as Room;

describe('viewOf', () => {
  it('has everyone in one picture, as far as there is one', () => {
    const fake = new FakeRoom();
    const everyone = { state: 'on', track: {} as never, picture: undefined };
    expect(viewOf(roomOf(fake)).oneStream.state).toBe('off');
    fake.oneStream = everyone;
    expect(viewOf(roomOf(fake)).oneStream).toEqual(everyone);
  });

  it('has ourselves first, and hands by their place', () => {
    const fake = new FakeRoom();
    fake.add('bob');
    fake.add('cleo');
    fake.hands = [{ sid: 'cleo' }, { sid: 'me' }];
    const { people } = viewOf(roomOf(fake));
    expect(people.map(({ id, hand }) => [id, hand])).toEqual([
      ['self', 2],
      ['bob', undefined],
      ['cleo', 1],
    ]);
  });
});

describe('callGoesOn', () => {
  it('is so where sound and picture come straight from someone, and are not interrupted', () => {
    const goesOn = (link: object, state = 'reconnecting') => {
      const fake = new FakeRoom();
      fake.state = state;
      fake.add('bob', { link });
      return callGoesOn(viewOf(roomOf(fake)));
    };
    expect(goesOn({ state: 'connected', way: 'direct' })).toBe(true);
    expect(goesOn({ state: 'interrupted', way: 'direct' })).toBe(false);
    expect(goesOn({ state: 'connected', way: 'server' })).toBe(false);
    expect(goesOn({ state: 'connected', way: 'direct' }, 'connecting')).toBe(false);
    expect(callGoesOn(viewOf(roomOf(new FakeRoom())))).toBe(false);
  });
});

describe('viewOf a lecture', () => {
  it('has no picture of who is in the audience, and counts it', () => {
    const fake = new FakeRoom();
    fake.add('ada');
    fake.lecture = { on: true, onStage: false, audience: { count: 812, hands: 3, raised: [] } };
    const { people, lecture } = viewOf(roomOf(fake));
    expect(people.map(({ id }) => id)).toEqual(['ada']);
    expect(lecture).toEqual({ on: true, onStage: false, audience: 812, hands: 3 });
  });
});

describe('RoomViews', () => {
  it('makes one view a change, for all who look', () => {
    const fake = new FakeRoom();
    const views = new RoomViews(roomOf(fake));
    const seen: unknown[] = [];
    const stops = [0, 1].map(() => views.subscribe(() => seen.push(views.get())));
    fake.change();
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
    for (const stop of stops) stop();
    fake.change();
    expect(seen).toHaveLength(2);
  });

  it('remembers who spoke last', () => {
    const fake = new FakeRoom();
    fake.add('bob', { speaking: true });
    const views = new RoomViews(roomOf(fake));
    const stop = views.subscribe(vi.fn());
    expect(views.get().speaker).toBe('bob');
    fake.add('bob');
    fake.change();
    expect(views.get().speaker).toBe('bob');
    fake.add('cleo', { speaking: true });
    fake.change();
    expect(views.get().speaker).toBe('cleo');
    stop();
  });
});
