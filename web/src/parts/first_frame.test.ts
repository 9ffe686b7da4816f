import { describe, expect, it, vi } from 'vitest';
import { onFirstFrame } from './first_frame';

const since = new WeakMap<object, number>();
vi.mock('@parley/client', () => ({ slotSince: (track: object) => since.get(track) }));

/** An element whose frames the test shows. */
function fakeVideo() {
  const waiting = new Map<number, (now: number, frame: { receiveTime?: number }) => void>();
  let handles = 0;
  return {
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
    requestVideoFrameCallback: (callback: (now: number, frame: never) => void) => {
      waiting.set(++handles, callback as never);
      return handles;
    },
    cancelVideoFrameCallback: (handle: number) => void waiting.delete(handle),
    show(receiveTime?: number) {
      const callbacks = [...waiting.values()];
      waiting.clear();
      for (const callback of callbacks) callback(0, receiveTime === undefined ? {} : { receiveTime });
    },
  };
}

const track = () => ({}) as MediaStreamTrack;

describe('onFirstFrame', () => {
  it('takes any frame of a track that shows one person for life', () => {
    const [video, call] = [fakeVideo(), vi.fn()];
    onFirstFrame(video, track(), call);
    video.show(5);
    video.show(6);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('lets pass what a slot had received for somebody else', () => {
    const [video, call, slot] = [fakeVideo(), vi.fn(), track()];
    since.set(slot, 100);
    onFirstFrame(video, slot, call);
    video.show(80);
    video.show(99);
    expect(call).not.toHaveBeenCalled();
    video.show(100);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('takes what there is where the browser does not tell when a frame came', () => {
    const [video, call, slot] = [fakeVideo(), vi.fn(), track()];
    since.set(slot, 100);
    onFirstFrame(video, slot, call);
    video.show();
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('can be given up, at any frame', () => {
    const [video, call, slot] = [fakeVideo(), vi.fn(), track()];
    since.set(slot, 100);
    const forget = onFirstFrame(video, slot, call);
    video.show(80);
    forget();
    video.show(120);
    expect(call).not.toHaveBeenCalled();
  });

  it('is content with data in a browser that knows no frames', () => {
    const [video, call] = [{ addEventListener: vi.fn(), removeEventListener: vi.fn() }, vi.fn()];
    const forget = onFirstFrame(video, track(), call);
    expect(video.addEventListener).toHaveBeenCalledWith('loadeddata', call, { once: true });
    forget();
    expect(video.removeEventListener).toHaveBeenCalledWith('loadeddata', call);
  });
});
