import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LocalMedia } from '@parley/client';
import { readPreferences } from './preferences';

describe('settings', () => {
  const stored = new Map<string, string>();
  beforeEach(() => {
    stored.clear();
    vi.resetModules();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it('begin as most people want them, and with what was remembered', async () => {
    stored.set('parley.preferences', '{"mirror":false,"noiseSuppression":false,"sounds":"loud"}');
    const { settings } = await import('./settings');
    expect(settings.get()).toEqual({
      noiseSuppression: false,
      echoCancellation: true,
      autoGainControl: true,
      blur: false,
      pushToTalk: true,
      mirror: false,
      notices: true,
      sounds: false,
    });
  });

  it('hold at once, for the devices too, and are remembered', async () => {
    const { changeSettings, settings } = await import('./settings');
    const told: unknown[] = [];
    const media = {
      setProcessing: (change: unknown) => Promise.resolve(void told.push(change)),
      setBlur: (on: boolean) => Promise.resolve(void told.push(on)),
    };
    changeSettings({ echoCancellation: false, blur: true }, media as unknown as LocalMedia);
    expect(settings.get()).toMatchObject({ echoCancellation: false, blur: true });
    expect(told).toEqual([{ noiseSuppression: true, echoCancellation: false, autoGainControl: true }, true]);
    expect(readPreferences()).toEqual({ echoCancellation: false, blur: true });
  });
});
