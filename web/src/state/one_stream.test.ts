import { Emitter, type Room, type RoomEvents } from '@parley/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { oneStream as words } from '../words/one_stream';
import { kAskAgain } from './ask_again';
import { followOneStream, setOneStreamSize, toggleOneStream } from './one_stream';
import { toasts } from './toasts';

class FakeRoom extends Emitter<RoomEvents> {
  tell<K extends keyof RoomEvents>(name: K, event: RoomEvents[K]): void {
    this.emit(name, event);
  }
  readonly asked: unknown[] = [];
  readonly lecture = { on: false, onStage: true };
  ending: string | undefined;
  readonly oneStream = {
    available: true,
    state: 'off',
    wanted: false,
    show: (size: unknown) => {
      this.oneStream.wanted = true;
      this.asked.push(size);
    },
    hide: () => {
      this.oneStream.wanted = false;
      this.asked.push('tiles');
    },
  };
}

let fake: FakeRoom;
const room = () => fake as unknown as Room;
const texts = () => toasts.get().map(({ text }) => text);

beforeEach(() => {
  fake = new FakeRoom();
  toasts.set([]);
  setOneStreamSize(room(), 800, 600);
});

describe('one stream', () => {
  it('is switched on and off by the person, as large as the stage', () => {
    toggleOneStream(room());
    setOneStreamSize(room(), 1600, 900);
    setOneStreamSize(room(), 0, 0); // Not drawn.
    toggleOneStream(room());
    setOneStreamSize(room(), 400, 300); // In tiles nobody asks.
    const size = (width: number, height: number) => ({ width, height });
    expect(fake.asked).toEqual([size(800, 600), size(1600, 900), 'tiles']);
  });

  it('is on from the start where the link says so, once', () => {
    followOneStream(room(), true);
    fake.tell('state', 'connecting');
    expect(fake.asked).toEqual([]);
    fake.tell('state', 'joined');
    fake.oneStream.hide();
    fake.tell('state', 'joined'); // Back after a break.
    expect(fake.asked).toEqual([{ width: 800, height: 600 }, 'tiles']);
  });

  it('says where the link asks for what the server has not', () => {
    fake.oneStream.available = false;
    followOneStream(room(), true);
    fake.tell('state', 'joined');
    expect([fake.asked, texts()]).toEqual([[], [words.unavailable]]);
  });

  it('is not asked for by other links', () => {
    followOneStream(room(), false);
    fake.tell('state', 'joined');
    expect(fake.asked).toEqual([]);
  });

  it.each([
    ['downlink', 'weakLine'],
    ['processor', 'busyProcessor'],
  ] as const)('comes by itself for the %s, with a way back', (because, text) => {
    followOneStream(room(), false);
    fake.tell('oneStreamAdvised', { oneStream: true, because });
    expect([fake.oneStream.wanted, texts()]).toEqual([true, [words[text]]]);
    const [action] = toasts.get()[0]?.actions ?? [];
    expect(action?.label).toBe(words.back);
    action?.run();
    expect([fake.oneStream.wanted, texts()]).toEqual([false, []]);
  });

  it('goes by itself, too, and says so', () => {
    followOneStream(room(), false);
    fake.tell('oneStreamAdvised', { oneStream: true, because: 'downlink' });
    fake.tell('oneStreamAdvised', { oneStream: false });
    expect([fake.oneStream.wanted, texts()]).toEqual([false, [words.lineIsGood]]);
    fake.tell('oneStreamFailed', undefined);
    expect(texts()).toEqual([words.failed]);
  });
});

describe('one stream in a lecture', () => {
  const isOn = () => fake.oneStream.wanted;
  const stand = (onStage: boolean) => {
    fake.lecture.onStage = onStage;
    fake.tell('stage', { onStage, by: undefined });
  };

  it('is what the audience gets by itself, and tiles are what who is on stage sees', () => {
    fake.lecture.onStage = false;
    followOneStream(room(), false);
    fake.tell('state', 'joined');
    expect([isOn(), texts()]).toEqual([true, []]);
    stand(true);
    expect(isOn()).toBe(false);
    stand(false);
    expect(isOn()).toBe(true);
  });

  it('leaves the choice to the person, until they take it back', () => {
    fake.lecture.onStage = false;
    followOneStream(room(), false);
    fake.tell('state', 'joined');
    toggleOneStream(room());
    fake.tell('state', 'joined'); // Back after a lost connection.
    expect(isOn()).toBe(false);
    stand(true);
    stand(false);
    expect(isOn()).toBe(false);
    toggleOneStream(room());
    stand(true);
    expect(isOn()).toBe(false);
    stand(false);
    expect(isOn()).toBe(true);
  });

  it('is not advised away from the audience', () => {
    fake.lecture.onStage = false;
    followOneStream(room(), false);
    fake.tell('state', 'joined');
    fake.tell('oneStreamAdvised', { oneStream: false });
    expect([isOn(), texts()]).toEqual([true, []]);
  });

  describe('where the server has none', () => {
    const kLongest = kAskAgain.most * (1 + kAskAgain.spread);
    beforeEach(() => {
      vi.useFakeTimers();
      fake.lecture.onStage = false;
      followOneStream(room(), false);
      fake.tell('state', 'joined');
      fail();
    });
    afterEach(() => void vi.useRealTimers());

    function fail(): void {
      fake.oneStream.hide();
      fake.tell('oneStreamFailed', undefined);
    }

    it('is asked for again, later each time, and said once', () => {
      vi.advanceTimersByTime(kAskAgain.first - 1);
      expect(isOn()).toBe(false);
      vi.advanceTimersByTime(1 + kAskAgain.first * kAskAgain.spread);
      expect([isOn(), texts()]).toEqual([true, []]); // What was said is gone by now.
      fail();
      vi.advanceTimersByTime(2 * kAskAgain.first - 1);
      expect([isOn(), texts()]).toEqual([false, []]);
      for (let i = 0; i < 10; ++i) {
        vi.advanceTimersByTime(kLongest);
        expect(isOn()).toBe(true);
        fail();
      }
    });

    it('is said anew once it was there', () => {
      vi.advanceTimersByTime(kLongest);
      fake.oneStream.state = 'on';
      fake.tell('change', undefined);
      fail();
      expect(texts()).toEqual([words.failed]);
    });

    it.each([
      ['is on stage', () => (fake.lecture.onStage = true)],
      ['has left', () => (fake.ending = 'left')],
    ])('is not for who %s', (_what, happens) => {
      happens();
      fake.tell('change', undefined);
      vi.advanceTimersByTime(kLongest);
      expect(isOn()).toBe(false);
    });

    it('is not for who has chosen tiles', () => {
      toggleOneStream(room());
      toggleOneStream(room());
      vi.advanceTimersByTime(kLongest);
      expect(isOn()).toBe(false);
    });
  });
});
