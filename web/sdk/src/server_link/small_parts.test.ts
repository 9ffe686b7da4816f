import { describe, expect, it, vi } from 'vitest';
import { FakeTrack } from '../testing/fake_track';
import { Slots } from './slots';
import { slotSince } from './slot_tracks';
import { videoSlotsFor } from './video_slots';
import { ViewReport } from './view_report';

const section = (mid: string, kind = 'video') => {
  const track = new FakeTrack(kind) as unknown as MediaStreamTrack;
  return { mid, receiver: { track } as RTCRtpReceiver };
};

describe('Slots', () => {
  it('give each their own, and say whom a change concerns', () => {
    const [one, two] = [section('7'), section('8')];
    const slots = new Slots();
    slots.attach([one, two], 1);
    expect([...slots.assign([{ mid: '7', sid: 'a', source: 'camera' }], 5)]).toEqual(['a']);
    expect([...slots.assign([{ mid: '7', sid: 'a', source: 'camera' }], 6)]).toEqual([]);
    expect(slots.receiversOf('a')).toBe(slots.receiversOf('a'));
    expect([
      ...slots.assign(
        [
          { mid: '7', sid: 'b', source: 'screen' },
          { mid: '8', sid: 'a', source: 'camera' },
        ],
        9,
      ),
    ]).toEqual([...['a', 'b']]);
    expect([slots.receiversOf('a').get('camera'), slots.receiversOf('b').get('screen')]).toEqual([
      ...[two.receiver, one.receiver],
    ]);
    expect([...slots.midsOf('b')]).toEqual(['7']);
    expect([slotSince(one.receiver.track), slotSince(two.receiver.track)]).toEqual([9, 9]);
    expect(slotSince(section('9').receiver.track)).toBeUndefined();
  });

  it('hold what was told before there was a connection', () => {
    const slots = new Slots();
    slots.assign([{ mid: '4', sid: 'a', source: 'microphone' }], 1);
    expect(slots.receiversOf('a').size).toBe(0);
    const sound = section('4', 'audio');
    expect([...slots.attach([sound, section('7')], 2)]).toEqual(['a']);
    expect(slots.receiversOf('a').get('microphone')).toBe(sound.receiver);
    expect(slots.sounds).toEqual([{ mid: '4', track: sound.receiver.track, sid: 'a' }]);
    expect([...slots.clear()]).toEqual(['a']);
    expect(slots.sounds.map(({ sid }) => sid)).toEqual([undefined]);
  });
});

describe('ViewReport', () => {
  it('tells when it matters, and only what changed', () => {
    const tell = vi.fn();
    const view = new ViewReport(tell);
    view.activate(true);
    expect(tell).not.toHaveBeenCalled();
    expect(view.shows('a', 'camera')).toBe(true);
    view.set([{ sid: 'a', source: 'camera', width: 0, height: 99_999 }]);
    expect(tell).toHaveBeenLastCalledWith([{ sid: 'a', source: 'camera', width: 1, height: 8192 }]);
    view.set([{ sid: 'a', source: 'camera', width: 0.4, height: 99_999 }]);
    expect(tell).toHaveBeenCalledTimes(1);
    expect([view.shows('a', 'camera'), view.shows('a', 'screen'), view.shows('b', 'camera')]).toEqual([
      ...[true, false, false],
    ]);
    view.activate(false);
    view.set([]);
    expect(tell).toHaveBeenCalledTimes(1);
    view.activate(true);
    expect(tell).toHaveBeenLastCalledWith([]);
  });
});

describe('videoSlotsFor', () => {
  it('makes room for a page of the gallery', () => {
    expect(videoSlotsFor({ width: 390, height: 844 })).toBe(9);
    expect(videoSlotsFor({ width: 1920, height: 1080 })).toBe(16);
    expect(videoSlotsFor(undefined)).toBe(9);
  });
});
