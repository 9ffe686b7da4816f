import { describe, expect, it, vi } from 'vitest';
import { FakeTrack } from '../testing/fake_track';
import { kEveryone, Slots } from './slots';
import { carries, onRemapped, slotSince } from './slot_tracks';
import { videoSlotsFor } from './video_slots';
import { kRedrawPatience, ViewReport } from './view_report';

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

  it('tell when they come to show somebody else', () => {
    const one = section('7');
    const slots = new Slots();
    slots.attach([one], 1);
    slots.assign([{ mid: '7', sid: 'a', source: 'camera' }], 5);
    const call = vi.fn();
    const stop = onRemapped(one.receiver.track, call);
    slots.assign([{ mid: '7' }], 6);
    expect(call).not.toHaveBeenCalled(); // Nothing more comes of anybody.
    slots.assign([{ mid: '7', sid: 'b', source: 'camera' }], 7);
    expect(call).toHaveBeenCalledOnce();
    stop();
    slots.assign([{ mid: '7', sid: 'a', source: 'camera' }], 8);
    expect(call).toHaveBeenCalledOnce();
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

  it('may carry everyone in one', () => {
    const [sound, picture] = [section('4', 'audio'), section('7')];
    const slots = new Slots();
    slots.attach([sound, picture], 1);
    expect(slots.everyone('video')).toBeUndefined();
    slots.assign([{ mid: '7', sid: 'a', source: 'camera' }], 2);
    const both = [
      { mid: '4', oneStream: true },
      { mid: '7', oneStream: true },
    ];
    expect([...slots.assign(both, 5)]).toEqual([kEveryone, 'a']);
    expect([...slots.assign(both, 6)]).toEqual([]);
    expect(slots.everyone('audio')).toEqual({ mid: '4', track: sound.receiver.track });
    expect(slots.everyone('video')).toEqual({ mid: '7', track: picture.receiver.track });
    expect([slotSince(picture.receiver.track), slots.receiversOf('a').size]).toEqual([5, 0]);
    expect([...slots.assign([{ mid: '7' }], 7)]).toEqual([kEveryone]);
    expect([slots.everyone('video'), slots.everyone('audio')?.mid]).toEqual([undefined, '4']);
  });

  it('keep what the server has emptied, or given to everyone, until it is released', () => {
    const [one, two] = [section('7'), section('8')];
    const slots = new Slots();
    slots.attach([one, two], 1);
    const of = (mid: string, sid: string) => ({ mid, sid, source: 'camera' as const });
    const seen = (sid: string) => slots.receiversOf(sid).get('camera');
    slots.assign([of('7', 'a'), of('8', 'b')], 2);
    slots.keep();
    const { track } = one.receiver;
    const remapped = vi.fn();
    const forget = onRemapped(track, remapped);
    slots.assign([{ mid: '7', oneStream: true }, { mid: '8' }], 3);
    expect([remapped.mock.calls.length, carries(track, 'a/camera'), carries(track, kEveryone)]).toEqual([
      1,
      false,
      true,
    ]);
    expect(carries(two.receiver.track, 'b/camera')).toBe(true); // Its last picture is theirs.
    forget();
    expect([seen('a'), seen('b'), slots.everyone('video')?.mid]).toEqual([one.receiver, two.receiver, '7']);
    slots.assign([of('7', 'a'), of('8', 'b')], 4); // The server thinks again, twice.
    expect([remapped.mock.calls.length, carries(track, 'a/camera')]).toEqual([1, true]);
    slots.assign([{ mid: '7', oneStream: true }, { mid: '8' }], 5);
    expect([seen('a'), seen('b')]).toEqual([one.receiver, two.receiver]);
    expect([...slots.release()]).toEqual(['a', 'b']);
    expect([seen('a'), seen('b'), slots.everyonesPicture]).toEqual([undefined, undefined, one.receiver.track]);
    slots.keep();
    slots.assign([of('7', 'b')], 6);
    expect([seen('b'), slots.everyone('video'), slots.everyonesPicture]).toEqual([
      ...[one.receiver, undefined, one.receiver.track],
    ]);
    expect([...slots.release()]).toEqual([kEveryone]);
    expect(slots.everyonesPicture).toBeUndefined();
  });

  it('show nobody in the place of another', () => {
    const [one, two] = [section('7'), section('8')];
    const slots = new Slots();
    slots.attach([one, two], 1);
    slots.assign([{ mid: '7', sid: 'a', source: 'camera' }], 2);
    slots.keep();
    slots.assign([{ mid: '7', sid: 'b', source: 'camera' }], 3);
    expect(slots.receiversOf('a').size).toBe(0);
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
    expect(tell).toHaveBeenLastCalledWith({ tiles: [{ sid: 'a', source: 'camera', width: 1, height: 8192 }] });
    view.set([{ sid: 'a', source: 'camera', width: 0.4, height: 99_999 }]);
    expect(tell).toHaveBeenCalledTimes(1);
    expect([view.shows('a', 'camera'), view.shows('a', 'screen'), view.shows('b', 'camera')]).toEqual([
      ...[true, false, false],
    ]);
    view.activate(false);
    view.set([]);
    expect(tell).toHaveBeenCalledTimes(1);
    view.activate(true);
    expect(tell).toHaveBeenLastCalledWith({ tiles: [] });
  });

  const kTile = { sid: 'a', source: 'camera', width: 640, height: 360 } as const;
  const kOneStream = { tiles: [], oneStream: { width: 1280, height: 720 } };

  it('asks for one stream even where nothing goes by the server yet, and again when that has forgotten', () => {
    const tell = vi.fn();
    const view = new ViewReport(tell);
    view.set([kTile]);
    view.setOneStream({ width: 1280.2, height: 720 });
    expect(tell.mock.calls).toEqual([[kOneStream]]);
    view.set([]); // Nothing else is drawn now.
    expect([tell.mock.calls.length, view.shows('a', 'camera')]).toEqual([1, false]);
    view.activate(true);
    expect(tell.mock.calls).toEqual([[kOneStream], [kOneStream]]);
  });

  it('asks for tiles again once they are drawn, or after a while', () => {
    vi.useFakeTimers();
    const tell = vi.fn();
    const view = new ViewReport(tell);
    view.setOneStream({ width: 1280, height: 720 });
    view.setOneStream(undefined);
    view.set([]);
    expect(tell).toHaveBeenCalledTimes(1);
    view.set([kTile]);
    expect(tell).toHaveBeenLastCalledWith({ tiles: [kTile] });
    vi.advanceTimersByTime(kRedrawPatience);
    expect(tell).toHaveBeenCalledTimes(2);
    view.setOneStream({ width: 1280, height: 720 });
    view.set([]);
    view.setOneStream(undefined);
    vi.advanceTimersByTime(kRedrawPatience);
    expect(tell).toHaveBeenLastCalledWith({ tiles: [] });
    vi.useRealTimers();
  });
});

describe('videoSlotsFor', () => {
  it('makes room for a page of the gallery', () => {
    expect(videoSlotsFor({ width: 390, height: 844 })).toBe(9);
    expect(videoSlotsFor({ width: 1920, height: 1080 })).toBe(16);
    expect(videoSlotsFor(undefined)).toBe(9);
  });
});
