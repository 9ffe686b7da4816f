import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Picture } from '@parley/client';
import { language } from './language';
import { explain, sizeText, type Explained } from './picture';

const picture = (change: Partial<Picture> = {}): Picture => ({
  ...{ width: 640, height: 360, framesPerSecond: 30, bitrate: 1_250_000, limit: 'none', paused: false },
  ...change,
});
const tile = (change: Partial<Explained> = {}): Explained => ({
  ...{ self: false, video: {}, camera: true, picture: picture(), sending: undefined },
  ...change,
});

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: { lang: '' } });
  language.set('en');
});

describe('explain', () => {
  it('says in one sentence what limits a picture', () => {
    expect(explain(tile(), 'auto')).toBe('Nothing limits this picture.');
    expect(explain(tile({ picture: picture({ limit: 'downlink' }) }), 'auto')).toContain('Your connection');
    expect(explain(tile({ picture: picture({ limit: 'tile' }) }), 'low')).toBe('You chose to save data.');
    expect(explain(tile({ picture: picture({ limit: 'sender' }) }), 'low')).toContain('upload');
  });

  it('says why there is none', () => {
    expect(explain(tile({ camera: false }), 'auto')).toBe('The camera is off.');
    expect(explain(tile(), 'off')).toBe('You switched this picture off.');
    expect(explain(tile({ video: undefined }), 'auto')).toBe('The picture is on its way.');
    const paused = picture({ limit: 'downlink', paused: true });
    expect(explain(tile({ video: undefined, picture: paused }), 'auto')).toContain('Paused: your connection');
    expect(explain(tile({ picture: picture({ limit: 'tile', paused: true }) }), 'auto')).toContain('not sent just now');
  });

  it('says of ourselves what limits what we send', () => {
    expect(explain(tile({ self: true, sending: 'uplink' }), 'auto')).toContain('Your upload');
    expect(explain(tile({ self: true, sending: 'none', picture: undefined }), 'auto')).toContain('Nothing limits');
  });
});

describe('sizeText', () => {
  it('is short, and silent about what is not known', () => {
    expect(sizeText(picture())).toBe('640 × 360 · 30/s · 1.3 Mbit/s');
    expect(sizeText(picture({ bitrate: 150_400 }))).toBe('640 × 360 · 30/s · 150 kbit/s');
    expect(sizeText(picture({ width: 0 }))).toBeUndefined();
    expect(sizeText(picture({ framesPerSecond: 0, bitrate: undefined }))).toBe('640 × 360');
  });
});
