import { describe, expect, it } from 'vitest';
import { countersOf, isProcessorBusy, pictureOf, sendingLimitOf, type PictureFacts } from './picture';
import type { TileQuality } from './protocol';
import { kGood } from './quality';

const report = (decoded: number, dropped: number, bytes = 0, decodeTime = 0) => ({
  ...{ framesDecoded: decoded, framesDropped: dropped, bytesReceived: bytes, totalDecodeTime: decodeTime },
  ...{ frameWidth: 640, frameHeight: 360, framesPerSecond: 29.6 },
});
const told = (change: Partial<TileQuality>): TileQuality => ({
  ...{ sid: 'a', source: 'camera', mid: '7', width: 320, height: 180, fps: 15, bitrate: 9000 },
  ...{ limit: 'none', paused: false },
  ...change,
});
const facts = (change: Partial<PictureFacts>): PictureFacts => ({
  ...{ report: report(60, 0, 2000), before: countersOf(report(0, 0), 0), now: countersOf(report(60, 0, 2000), 2000) },
  ...{ told: undefined, quality: kGood },
  ...change,
});

describe('pictureOf', () => {
  it('says how large and how fast a picture comes', () => {
    expect(pictureOf(facts({}))).toEqual({
      ...{ width: 640, height: 360, framesPerSecond: 30, bitrate: 8000, limit: 'none', paused: false },
    });
    expect(pictureOf(facts({ report: undefined, before: undefined, now: undefined, told: told({}) }))).toEqual({
      ...{ width: 320, height: 180, framesPerSecond: 15, bitrate: 9000, limit: 'none', paused: false },
    });
  });

  it('blames the server’s reason, our computer before it, and a pause before all', () => {
    const slow = { now: countersOf(report(60, 20), 2000) };
    expect(pictureOf(facts({ told: told({ limit: 'sender' }) })).limit).toBe('sender');
    expect(pictureOf(facts({ ...slow, told: told({ limit: 'tile' }) })).limit).toBe('processor');
    expect(pictureOf(facts({ ...slow, told: told({ limit: 'downlink', paused: true }) }))).toMatchObject({
      ...{ limit: 'downlink', paused: true },
    });
  });

  it('blames the path where it comes straight from them', () => {
    expect(pictureOf(facts({ quality: { level: 'poor', reason: 'loss' } })).limit).toBe('path');
    expect(pictureOf(facts({ quality: { level: 'lost', reason: 'interrupted' } })).limit).toBe('path');
    expect(pictureOf(facts({ quality: kGood })).limit).toBe('none');
  });
});

describe('isProcessorBusy', () => {
  const before = countersOf(report(100, 0), 0);
  it('counts dropped frames, and a decoder that is never idle', () => {
    expect(isProcessorBusy(before, countersOf(report(150, 8), 2000))).toBe(false);
    expect(isProcessorBusy(before, countersOf(report(150, 10), 2000))).toBe(true);
    expect(isProcessorBusy(before, countersOf(report(150, 0, 0, 1.7), 2000))).toBe(false);
    expect(isProcessorBusy(before, countersOf(report(150, 0, 0, 1.9), 2000))).toBe(true);
  });

  it('draws no conclusion from a few frames', () => {
    expect(isProcessorBusy(before, countersOf(report(102, 7), 2000))).toBe(false);
  });
});

describe('sendingLimitOf', () => {
  it('names the worst', () => {
    expect(sendingLimitOf([])).toBe('none');
    expect(sendingLimitOf(['none', 'other'])).toBe('none');
    expect(sendingLimitOf(['none', 'bandwidth'])).toBe('uplink');
    expect(sendingLimitOf(['bandwidth', 'cpu'])).toBe('processor');
  });
});
