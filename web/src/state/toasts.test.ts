import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dismissToast, kActionTime, kToastTime, toast, toasts } from './toasts';

const texts = () => toasts.get().map(({ text }) => text);
const action = { label: 'Do it', run: () => undefined };

describe('toasts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.runAllTimers();
    for (const { key } of toasts.get()) dismissToast(key);
    vi.useRealTimers();
  });

  it('stay longer where they offer something, and for good where they wait for an answer', () => {
    toast('plain');
    toast('offers', { actions: [action] });
    toast('waits', { stays: Infinity });
    vi.advanceTimersByTime(kToastTime);
    expect(texts()).toEqual(['offers', 'waits']);
    vi.advanceTimersByTime(kActionTime);
    expect(texts()).toEqual(['waits']);
  });

  it('make place for what is new, but not for what is asked of a person', () => {
    toast('call', { tone: 'call', stays: Infinity });
    for (const text of ['a', 'b', 'c']) toast(text);
    expect(texts()).toEqual(['call', 'b', 'c']);
  });

  it('take the place of the one with the same key', () => {
    toast('one waits', { key: 'door', stays: Infinity });
    toast('two wait', { key: 'door', stays: Infinity });
    expect(texts()).toEqual(['two wait']);
    dismissToast('door');
    expect(texts()).toEqual([]);
  });
});
