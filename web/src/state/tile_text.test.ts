import { beforeEach, describe, expect, it, vi } from 'vitest';
import { language } from '../words/language';
import { sending } from '../words/picture';
import { tileView } from './testing/views';
import { badgeOf } from './tile_text';

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: { lang: '' } });
  language.set('en');
});

describe('badgeOf', () => {
  const lossy = { level: 'poor', reason: 'loss' } as const;

  it('says of others what is wrong between us, once there is a connection', () => {
    const badge = badgeOf(tileView('b', { quality: lossy, link: 'connected' }));
    expect(badge).toEqual({ level: 'poor', text: 'Poor connection: parts of sound and picture get lost' });
    expect(badgeOf(tileView('b', { quality: lossy, link: 'connecting' }))).toBeUndefined();
    expect(badgeOf(tileView('b', { quality: { level: 'good', reason: undefined } }))).toBeUndefined();
    expect(badgeOf(tileView('b/screen', { quality: lossy, source: 'screen' }))).toBeUndefined();
  });

  it('says of ourselves what keeps our picture from being better, in the words of the menu', () => {
    const self = { self: true, camera: true } as const;
    expect(badgeOf(tileView('self', { ...self, sending: 'uplink' }))).toEqual({ level: 'fair', text: sending.uplink });
    expect(badgeOf(tileView('self', { ...self, sending: 'none' }))).toBeUndefined();
    expect(badgeOf(tileView('self', { ...self, camera: false, sending: 'uplink' }))).toBeUndefined();
  });
});
