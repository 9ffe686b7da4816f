import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AudienceMember } from '@parley/client';
import { closePanel, openPanel } from '../panel';
import { dismissToast, toasts } from '../toasts';
import { HandsNotice, kHandsRest } from './hands_notice';

let now = 0;
const texts = () => toasts.get().map(({ text }) => text);

function member(name: string): AudienceMember {
  return { sid: name.toLowerCase(), name, account: false, hand: 1, away: false, joinedAt: 0 };
}

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
});
afterEach(() => {
  dismissToast('hands');
  closePanel();
  vi.useRealTimers();
});

describe('HandsNotice', () => {
  it('says who wants to speak, with a button that brings them', () => {
    const brought: string[] = [];
    const notice = new HandsNotice(
      (sid) => brought.push(sid),
      () => now,
    );
    notice.update([member('Bob')], 1);
    expect(texts()).toEqual(['Bob wants to speak.']);
    toasts.get()[0]?.actions[0]?.run();
    expect(brought).toEqual(['bob']);
  });

  it('is one toast for a crowd, said anew only after a while', () => {
    const notice = new HandsNotice(vi.fn(), () => now);
    notice.update([member('Bob')], 1);
    const first = toasts.get();
    notice.update([member('Bob'), member('Cleo')], 2);
    expect(toasts.get()).toBe(first);
    now += kHandsRest;
    notice.update([member('Bob'), member('Cleo'), member('Dan')], 80);
    expect(texts()).toEqual(['Bob and 79 others want to speak.']);
  });

  it('goes when nobody wants to any more, and offers whoever is the first now', () => {
    const notice = new HandsNotice(vi.fn(), () => now);
    notice.update([member('Bob'), member('Cleo')], 2);
    notice.update([member('Cleo')], 1);
    expect(texts()).toEqual(['Cleo wants to speak.']);
    notice.update([], 0);
    notice.update([member('Bob')], 1);
    expect(texts()).toEqual(['Bob wants to speak.']);
    notice.update([], 0);
    expect(texts()).toEqual([]);
  });

  it('is silent while the list of people is open', () => {
    const notice = new HandsNotice(vi.fn(), () => now);
    notice.update([member('Bob')], 1);
    openPanel('people');
    expect(texts()).toEqual([]);
    notice.update([member('Bob'), member('Cleo')], 2);
    expect(texts()).toEqual([]);
  });
});
