import { Emitter, type RoomEvents, type RoomState } from '@parley/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { kPatience, whenUnderway } from './underway';

class FakeRoom extends Emitter<Pick<RoomEvents, 'state'>> {
  state: RoomState = 'connecting';

  become(state: RoomState): void {
    this.state = state;
    this.emit('state', state);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function isUnderway(promise: Promise<void>): Promise<boolean> {
  const now = Promise.resolve('no');
  return (await Promise.race([promise.then(() => 'yes'), now.then(() => now).then(() => now)])) === 'yes';
}

it('does not wait where no join is under way', async () => {
  const waiting = new FakeRoom();
  waiting.become('waiting');
  expect(await isUnderway(whenUnderway(undefined))).toBe(true);
  expect(await isUnderway(whenUnderway(waiting as never))).toBe(true);
});

it.each<RoomState>(['joined', 'waiting', 'failed'])('waits until the server answers that we are %s', async (state) => {
  const room = new FakeRoom();
  const underway = whenUnderway(room);
  await vi.advanceTimersByTimeAsync(kPatience - 1);
  expect(await isUnderway(underway)).toBe(false);
  room.become(state);
  expect(await isUnderway(underway)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

it('waits no longer than for the network of this house', async () => {
  const underway = whenUnderway(new FakeRoom());
  await vi.advanceTimersByTimeAsync(kPatience);
  expect(await isUnderway(underway)).toBe(true);
});
