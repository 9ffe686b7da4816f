import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallLog } from '@parley/client';
import { CallWatcher, kLease, kSendInterval, shareCall, type Channel } from './share';

/** Channels of one name in one browser: what one posts, the others get. */
class FakeChannels {
  readonly #open: Channel[] = [];
  posted = 0;
  open(): Channel {
    const channel: Channel = {
      onmessage: null,
      postMessage: (data: unknown) => {
        this.posted += 1;
        for (const other of this.#open) {
          if (other !== channel)
            other.onmessage?.call(other as BroadcastChannel, { data: structuredClone(data) } as MessageEvent);
        }
      },
      close: () => void this.#open.splice(this.#open.indexOf(channel), 1),
    };
    this.#open.push(channel);
    return channel;
  }
}

const kCall = { id: 'sid-a', room: 'daily', name: 'Ada' };
const makeEvents = () => ({ calls: vi.fn(), log: vi.fn(), gone: vi.fn() });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a call in another tab', () => {
  it('is found whoever was there first, and sends its log while it is watched', () => {
    const channels = new FakeChannels();
    const early = makeEvents();
    new CallWatcher(early, channels.open());
    const log = new CallLog(kCall);
    const watch = vi.spyOn(log, 'watch');
    const stop = shareCall(kCall, log, channels.open());
    const late = makeEvents();
    const watcher = new CallWatcher(late, channels.open());
    for (const events of [early, late]) expect(events.calls).toHaveBeenLastCalledWith([kCall]);
    expect(watch).not.toHaveBeenCalled();

    watcher.watch(kCall.id);
    expect(late.log).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(3 * kSendInterval);
    expect(late.log.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(early.log).not.toHaveBeenCalled();
    expect(late.log.mock.calls[0]?.[0]).toMatchObject({ format: 'parley-call-log', name: 'Ada' });
    expect(watch).toHaveBeenCalledTimes(1);

    stop();
    expect(late.gone).toHaveBeenCalledTimes(1);
    expect(late.calls).toHaveBeenLastCalledWith([]);
  });

  it('falls silent when the watcher is gone without a word', () => {
    const channels = new FakeChannels();
    const stop = shareCall(kCall, new CallLog(kCall), channels.open());
    const watcher = new CallWatcher(makeEvents(), channels.open());
    watcher.watch(kCall.id);
    watcher.close();
    vi.advanceTimersByTime(kLease + 2 * kSendInterval);
    const before = channels.posted;
    vi.advanceTimersByTime(60_000);
    expect(channels.posted).toBe(before);
    expect(vi.getTimerCount()).toBe(0);
    stop();
  });

  it('is not believed what it must not say', () => {
    const channels = new FakeChannels();
    const events = makeEvents();
    const watcher = new CallWatcher(events, channels.open());
    const stranger = channels.open();
    watcher.watch('sid-a');
    for (const message of [null, 7, 'log', {}, { type: 'call', id: 1 }, { type: 'call', id: 'x', room: {} }])
      stranger.postMessage(message);
    for (const log of [undefined, {}, { format: 'parley-call-log' }])
      stranger.postMessage({ type: 'log', id: 'sid-a', log });
    expect(events.calls).not.toHaveBeenCalled();
    expect(events.log).not.toHaveBeenCalled();
    watcher.close();
  });
});
